"""Citizens and merchants come in with a phone in their hand, and need no account before that."""

from django.contrib.auth import login
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.kernel import codes, crypto, phones
from portal.kernel.errors import Refused
from portal.kernel.models.user import User

LOGIN = "login"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def citizen(phone: str) -> User:
    """The person who has this mobile number, made as a consumer when nobody has it yet."""
    number = phones.mobile(phone)
    index = codes.index_of(number)
    known = User.objects.filter(phone_index=index).first()
    if known is not None:
        return known
    user = User(kind=User.Kind.CITIZEN, phone_index=index, phone_sealed=crypto.Plain(number))
    user.set_unusable_password()
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError:
        return User.objects.get(phone_index=index)
    return user


@transaction.atomic
def merchant(phone: str) -> User:
    """The person who has this mobile number, from now on also as somebody who speaks for a shop."""
    user = citizen(phone)
    if user.kind == User.Kind.CITIZEN:
        user.kind = User.Kind.MERCHANT
        user.save(update_fields=["kind"])
    return user


def sign_in(request: HttpRequest, phone: str, code: str) -> User:
    """Sign the holder of *phone* in with the code sent to it; refused when the code is not right."""
    codes.verify(phone, LOGIN, "", code)
    user = citizen(phone)
    if not user.is_active:
        raise Refused("account_closed", _("这个手机号的账户已经停用，请拨打 12315 咨询。"), field="phone", status=403)
    login(request, user, backend=BACKEND)
    return user
