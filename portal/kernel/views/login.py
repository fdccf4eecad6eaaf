"""Citizens and merchants sign in with a code sent to their phone; staff are shown to their second factor."""

import base64
from typing import Any
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib.auth import logout as end_session
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.kernel import access, clock, codes, crypto, errors, people, phones, throttle
from portal.kernel.errors import Refused
from portal.kernel.models.user import User

PHONE = "login_phone"
BINDING = "kernel.session.login_phone"
SENDINGS = 20
TRIES = 40
AN_HOUR = 3600


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label=_("手机号码"),
        help_text=_("验证码会发到这个手机号。"),
        max_length=30,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        error_messages={"required": _("请填写手机号码。")},
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("短信里的 6 位数字"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("请填写验证码。")},
    )


def home_of(user: User) -> str:
    """Where a person lands after signing in."""
    if user.kind == User.Kind.MERCHANT:
        return reverse("complaints:merchant_home")
    return reverse("complaints:desk" if user.is_staff else "complaints:mine")


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted.startswith("/") and is_ours else ""


def _with_next(url: str, onward: str) -> str:
    return f"{url}?{urlencode({'next': onward})}" if onward else url


def _remember(request: HttpRequest, phone: str) -> None:
    request.session[PHONE] = base64.b64encode(crypto.seal_bytes(phone.encode(), BINDING)).decode()


def _remembered(request: HttpRequest) -> str:
    try:
        return crypto.unseal_bytes(base64.b64decode(request.session.get(PHONE, "")), BINDING).decode()
    except (crypto.CannotOpen, ValueError, IndexError):
        return ""


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Ask for a phone and send it a code."""
    if request.user.is_authenticated and request.method != "POST":
        return HttpResponseRedirect(_next(request) or home_of(access.require_person(request.user)))
    again = _remembered(request) if request.POST.get("again") else ""
    form = PhoneForm({"phone": again} if again else request.POST or None)
    if form.is_valid():
        try:
            throttle.check(request, "login.send", limit=SENDINGS, seconds=AN_HOUR)
            codes.issue(form.cleaned_data["phone"], people.LOGIN, use=_("登录"))
        except Refused as refused:
            errors.into(form, refused)
        else:
            _remember(request, phones.mobile(form.cleaned_data["phone"]))
            return HttpResponseRedirect(_with_next(reverse("kernel:login_code"), _next(request)))
    return _page(request, "kernel/login.html", form)


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code and let its holder in."""
    phone = _remembered(request)
    if not phone:
        return HttpResponseRedirect(_with_next(reverse("kernel:login"), _next(request)))
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            throttle.check(request, "login.try", limit=TRIES, seconds=AN_HOUR)
            user = people.sign_in(request, phone, form.cleaned_data["code"])
        except Refused as refused:
            errors.into(form, refused)
        else:
            request.session.pop(PHONE, None)
            return HttpResponseRedirect(_next(request) or home_of(user))
    return _page(request, "kernel/login_code.html", form, phone=phones.mask(phone))


def _page(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    context = {"form": form, "next": _next(request), **more}
    return render(request, template, context, status=422 if form.is_bound and form.errors else 200)


@access.public
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    end_session(request)
    return redirect("publicity:home")


@access.public
@never_cache
@require_safe
def second_factor(request: HttpRequest) -> HttpResponse:
    """Bring a member of staff whose session has no second factor yet to the page that asks for it."""
    who = request.user
    onward = _next(request) or reverse("complaints:desk")
    if not isinstance(who, User) or not who.is_staff:
        return HttpResponseRedirect(_with_next(reverse("account_login"), onward))
    if any(record.get("method") == "mfa" for record in get_authentication_records(request, who)):
        request.session[access.SECOND_FACTOR] = clock.now().isoformat()
    if access.has_second_factor(request):
        return HttpResponseRedirect(onward)
    here = _with_next(reverse("kernel:second_factor"), onward)
    if is_mfa_enabled(who):
        return HttpResponseRedirect(_with_next(reverse("mfa_reauthenticate"), here))
    return render(request, "kernel/second_factor.html", {"next": here})
