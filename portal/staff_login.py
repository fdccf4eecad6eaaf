"""The few pages of django-allauth that staff need: sign in, second factor, password. No sign-up, no mail."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import path

from portal.kernel.access import public

urlpatterns = [
    path("login/", public(account.login), name="account_login"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", public(account.reauthenticate), name="account_reauthenticate"),
    path("password/change/", public(account.password_change), name="account_change_password"),
    path("2fa/", public(mfa.index), name="mfa_index"),
    path("2fa/authenticate/", public(mfa.authenticate), name="mfa_authenticate"),
    path("2fa/reauthenticate/", public(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("2fa/totp/activate/", public(totp.activate_totp), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", public(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("2fa/recovery-codes/", public(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("2fa/recovery-codes/generate/", public(recovery.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("2fa/recovery-codes/download/", public(recovery.download_recovery_codes), name="mfa_download_recovery_codes"),
]
