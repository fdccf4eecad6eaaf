"""Take a draft up on another device; find a case by its number. Both prove the phone first."""

from typing import Any

from django import forms
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from complaints.forms.filing import PhoneCodeForm, ResumeForm, TrackForm
from complaints.services import drafts, tracking
from complaints.views import holding
from complaints.views.filing import step_url
from portal.kernel import access, crypto, people, phones, throttle
from portal.kernel.errors import Refused, into

AN_HOUR = 3600
BINDING = "complaints.session.asked"


def _keep(request: HttpRequest, name: str, asked: dict[str, str]) -> None:
    request.session[name] = crypto.seal_bytes(signing.dumps(asked).encode(), BINDING).hex()


def _kept(request: HttpRequest, name: str) -> dict[str, str]:
    try:
        sealed = bytes.fromhex(request.session.get(name, ""))
        return dict(signing.loads(crypto.unseal_bytes(sealed, BINDING).decode(), max_age=AN_HOUR))
    except (crypto.CannotOpen, ValueError, signing.BadSignature):
        return {}


def _page(request: HttpRequest, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    return render(request, template, {"form": form, **more}, status=400 if form.errors else 200)


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume(request: HttpRequest) -> HttpResponse:
    """Resume code and phone; a code goes to the phone when the two belong together."""
    form = ResumeForm(request.POST or None)
    if form.is_valid():
        asked = {"code": form.cleaned_data["code"], "phone": form.cleaned_data["phone"]}
        try:
            throttle.check(request, "resume.send", limit=20, seconds=AN_HOUR)
            drafts.send_resume_code(**asked)
        except Refused as refused:
            into(form, refused)
        else:
            _keep(request, "resume", asked)
            return redirect("complaints:resume_code")
    return _page(request, "complaints/resume.html", form)


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def resume_code(request: HttpRequest) -> HttpResponse:
    """The phone code that opens the draft here."""
    asked = _kept(request, "resume")
    if not asked:
        return redirect("complaints:resume")
    form = PhoneCodeForm(request.POST or None)
    if form.is_valid():
        try:
            throttle.check(request, "resume.try", limit=40, seconds=AN_HOUR)
            draft = drafts.resume(**asked, phone_code=form.cleaned_data["phone_code"])
        except Refused as refused:
            refused.field = "phone_code"
            into(form, refused)
        else:
            request.session.pop("resume", None)
            part = drafts.reading_of(draft, who=request.user).first_gap() or "check"
            return holding.hold(redirect(step_url(draft, part)), draft)
    return _page(request, "complaints/resume_code.html", form, phone=phones.mask(asked["phone"]))


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Number and phone; a code goes to the phone when the two belong together."""
    form = TrackForm(request.POST or None, initial={"number": request.GET.get("number", "")})
    if form.is_valid():
        asked = {"number": form.cleaned_data["number"], "phone": form.cleaned_data["phone"]}
        try:
            throttle.check(request, "track.send", limit=20, seconds=AN_HOUR)
            tracking.send_code(**asked)
        except Refused as refused:
            into(form, refused)
        else:
            _keep(request, "track", asked)
            return redirect("complaints:track_code")
    return _page(request, "complaints/track.html", form, nav="mine")


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track_code(request: HttpRequest) -> HttpResponse:
    """The phone code that opens the case and signs its consumer in."""
    asked = _kept(request, "track")
    if not asked:
        return redirect("complaints:track")
    form = PhoneCodeForm(request.POST or None)
    if form.is_valid():
        try:
            throttle.check(request, "track.try", limit=40, seconds=AN_HOUR)
            people.sign_in(request, asked["phone"], form.cleaned_data["phone_code"])
        except Refused as refused:
            refused.field = "phone_code"
            into(form, refused)
        else:
            return redirect("complaints:case", tracking.found(**asked).public_id)
    return _page(request, "complaints/track_code.html", form, nav="mine", phone=phones.mask(asked["phone"]))
