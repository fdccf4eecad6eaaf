"""How staff sign in with django-allauth: no sign-up, sealed second factors, and a mark on the session that used one."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.forms import AuthenticateForm
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from portal.kernel import access_log, clock, crypto
from portal.kernel.access import SECOND_FACTOR
from portal.kernel.models import User

BINDING = "mfa.authenticator.secret"


class StaffAccounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts of staff are made by an administrator, never by the person who wants one."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        access_log.refused("staff.password", who=User.objects.filter(username=credentials.get("username")).first())

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        if any(record.get("method") == "mfa" for record in get_authentication_records(request, user)):
            request.session[SECOND_FACTOR] = clock.now().isoformat()


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """The second factor at sign-in; a wrong code is written to the access log."""

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            access_log.refused("staff.second_factor", who=self.user)
            raise
        return code


class SealedSecondFactor(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticators sealed in the database."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(crypto.seal_bytes(text.encode(), BINDING)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal_bytes(base64.b64decode(encrypted_text), BINDING).decode()
