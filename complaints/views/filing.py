"""The wizard: privacy notice, one thing per page, saved step by step, filed once."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from complaints.forms.filing import FORMS, CheckForm, ShopAddressForm, Step
from complaints.models import Draft
from complaints.selectors import drafts as selectors
from complaints.services import drafts
from complaints.views import holding
from portal.kernel import access, files, people, throttle
from portal.kernel.errors import Refused, into, not_found
from publicity.selectors.shops import known_shop, look_up

STEPS = ("shop", "what", "want", "evidence", "you", "check")
TITLES = {
    "shop": gettext_lazy("商家"),
    "what": gettext_lazy("经过"),
    "want": gettext_lazy("要求"),
    "evidence": gettext_lazy("凭证"),
    "you": gettext_lazy("您的信息"),
    "check": gettext_lazy("核对"),
}
AN_HOUR = 3600


def step_url(draft: Draft, step: str) -> str:
    """Where one step of a draft is."""
    return reverse("complaints:draft", args=[draft.public_id, step])


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """What is collected and why, before anything is; the button begins a draft."""
    if request.method != "POST":
        shop = known_shop(who=request.user, public_id=request.GET.get("shop", ""))
        context = {"nav": "home", "drafts": holding.unfiled(request), "shop": shop}
        return render(request, "complaints/start.html", context)
    refuse_automatic(request)
    throttle.check(request, "complain.start", limit=30, seconds=AN_HOUR)
    shop = known_shop(who=request.user, public_id=request.POST.get("shop", ""))
    draft = drafts.start(who=request.user, shop=shop.public_id if shop else "")
    return holding.hold(redirect(step_url(draft, STEPS[0])), draft)


def refuse_automatic(request: HttpRequest) -> None:
    """Refuse a form in which the field that no person sees has been filled in."""
    if request.POST.get("website"):
        sentence = _("表单里有一栏不该填写，可能是浏览器自动填的。请返回清空后再试，或者拨打 12315。")
        raise Refused("looks_automatic", sentence, status=400)


@access.public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """One step: shown as it was left, saved as it is typed, left when it is complete."""
    if step not in STEPS:
        raise not_found()
    draft = holding.held_draft(request, public_id)
    if draft.case is not None and not (step == "check" and request.method == "POST"):
        return redirect("complaints:receipt", draft.case.public_id)
    if request.method == "POST":
        return POSTS[step](request, draft)
    gap = drafts.reading_of(draft, who=request.user).first_gap() if step == "check" else None
    if gap is not None:
        return redirect(step_url(draft, gap))
    return _show(request, draft, step, _form(request, draft, step))


def _form(request: HttpRequest, draft: Draft, step: str) -> Step:
    answers = selectors.answers_of(draft)
    initial = {name: value for name, value in answers.get(step, {}).items() if value not in (None, "")}
    if step == "want":
        initial.setdefault("claimed_fen", answers.get("what", {}).get("paid_fen", ""))
    if step == "shop" and drafts.reading_of(draft, who=request.user).shop is not None:
        return ShopAddressForm(initial=initial)
    return FORMS[step](initial=initial)


def _show(request: HttpRequest, draft: Draft, step: str, form: Step, **more: Any) -> HttpResponse:
    place = STEPS.index(step)
    context = {
        "draft": draft,
        "step": step,
        "form": form,
        "place": place + 1,
        "steps": STEPS,
        "title": TITLES[step],
        "next_title": TITLES[STEPS[place + 1]] if place + 1 < len(STEPS) else "",
        "back": step_url(draft, STEPS[place - 1]) if place else reverse("complaints:start"),
        "back_title": TITLES[STEPS[place - 1]] if place else _("投诉须知"),
        "resume_code": selectors.resume_code_of(draft),
        **_more(request, draft, step),
        **more,
    }
    return render(request, f"complaints/file_{step}.html", context, status=422 if form.errors else 200)


def _more(request: HttpRequest, draft: Draft, step: str) -> dict[str, Any]:
    if step == "shop":
        words = " ".join(request.GET.get("q", "").split())[:80]
        found = look_up(who=request.user, text=words, limit=8)
        return {"q": words, "found": found, "reading": drafts.reading_of(draft, who=request.user)}
    if step == "evidence":
        return {"files": files.of(draft)}
    if step == "check":
        reading = drafts.reading_of(draft, who=request.user)
        return {"reading": reading, "files": files.of(draft), "needs_code": not drafts.is_proved(request.user, draft)}
    return {}


def _go_on(draft: Draft, step: str) -> HttpResponseRedirect:
    return redirect(step_url(draft, STEPS[STEPS.index(step) + 1]))


def _saved(request: HttpRequest, step: str, form: Step, saved: drafts.Saved) -> HttpResponse:
    form.is_valid()
    for problem in saved.problems:
        into(form, problem)
    if saved.problems:
        return _show(request, saved.draft, step, form)
    return _go_on(saved.draft, step)


def _post_shop(request: HttpRequest, draft: Draft) -> HttpResponse:
    chosen = request.POST.get("shop", "")
    if chosen == "none":
        drafts.save(draft_id=draft.pk, step="shop", typed={}, who=request.user)
        return redirect(step_url(draft, "shop"))
    if chosen:
        typed = {"shop": chosen, **ShopAddressForm(request.POST).typed()}
        saved = drafts.save(draft_id=draft.pk, step="shop", typed=typed, who=request.user)
        kind = ShopAddressForm if saved.has_chosen_shop else FORMS["shop"]
        return _saved(request, "shop", kind(request.POST), saved)
    return _post_plain(request, draft, "shop")


def _post_plain(request: HttpRequest, draft: Draft, step: str) -> HttpResponse:
    form = FORMS[step](request.POST)
    saved = drafts.save(draft_id=draft.pk, step=step, typed=form.typed(), who=request.user)
    return _saved(request, step, form, saved)


def _post_you(request: HttpRequest, draft: Draft) -> HttpResponse:
    throttle.check(request, "complain.code", limit=20, seconds=AN_HOUR)
    form = FORMS["you"](request.POST)
    return _saved(request, "you", form, drafts.save_person(draft_id=draft.pk, typed=form.typed(), who=request.user))


def _post_evidence(request: HttpRequest, draft: Draft) -> HttpResponse:
    form = FORMS["evidence"](request.POST, request.FILES)
    form.is_valid()
    arrived = request.FILES.getlist("upload_ids")
    if removed := request.POST.get("remove"):
        drafts.remove_file(draft_id=draft.pk, upload_id=removed)
        return redirect(step_url(draft, "evidence"))
    throttle.check(request, "complain.upload", limit=120, seconds=AN_HOUR)
    for uploaded in arrived:
        try:
            drafts.add_file(draft_id=draft.pk, uploaded=uploaded, who=request.user)
        except Refused as refused:
            into(form, refused)
    if form.errors:
        return _show(request, draft, "evidence", form)
    if "more" in request.POST:
        return redirect(step_url(draft, "evidence"))
    return _go_on(draft, "evidence")


def _post_check(request: HttpRequest, draft: Draft) -> HttpResponse:
    refuse_automatic(request)
    throttle.check(request, "complain.file", limit=60, seconds=AN_HOUR)
    form = CheckForm(request.POST)
    form.is_valid()
    try:
        filed = drafts.file_draft(
            draft_id=draft.pk,
            agreed={name: name in request.POST for name in ("agrees_to_disclosure", "agrees_to_delegation")},
            code=request.POST.get("code", ""),
            is_true="is_true" in request.POST,
            who=request.user,
        )
    except Refused as refused:
        return _not_filed(request, draft, form, refused)
    if filed.person is not None and request.user.pk != filed.person.pk:
        login(request, filed.person, backend=people.BACKEND)
    return redirect("complaints:receipt", filed.case.public_id)


def _not_filed(request: HttpRequest, draft: Draft, form: CheckForm, refused: Refused) -> HttpResponse:
    part = refused.extra.get("part")
    if part:
        messages.error(request, _("还有一项没有填好：{sentence}").format(sentence=refused.sentence))
        return redirect(step_url(draft, str(part)))
    into(form, refused)
    return _show(request, draft, "check", form)


POSTS: dict[str, Callable[[HttpRequest, Draft], HttpResponse]] = {
    "shop": _post_shop,
    "what": partial(_post_plain, step="what"),
    "want": partial(_post_plain, step="want"),
    "evidence": _post_evidence,
    "you": _post_you,
    "check": _post_check,
}


@access.public
@require_POST
def autosave(request: HttpRequest, public_id: str, step: str) -> HttpResponse:
    """Keep what is on the page so far, and say when that was; for the island that saves while somebody writes."""
    draft = holding.held_draft(request, public_id)
    if step not in ("what", "want", "you"):
        raise not_found()
    saved = drafts.save(draft_id=draft.pk, step=step, typed=FORMS[step](request.POST).typed(), who=request.user)
    context = {"draft": saved.draft}
    return render(request, "complaints/parts/saved_words.html", context, content_type="text/plain; charset=utf-8")


@access.public
@require_POST
def send_code(request: HttpRequest, public_id: str) -> HttpResponse:
    """Send the code that files the draft once more."""
    draft = holding.held_draft(request, public_id)
    throttle.check(request, "complain.code", limit=20, seconds=AN_HOUR)
    try:
        drafts.send_filing_code(draft_id=draft.pk)
        messages.info(request, _("验证码已经重新发出。"))
    except Refused as refused:
        messages.error(request, str(refused.sentence))
    return redirect(step_url(draft, "check"))


@access.public
@never_cache
@require_safe
def later(request: HttpRequest, public_id: str) -> HttpResponse:
    """What to keep in order to go on another day."""
    draft = holding.held_draft(request, public_id)
    if draft.case is not None:
        return redirect("complaints:receipt", draft.case.public_id)
    part = drafts.reading_of(draft, who=request.user).first_gap() or "check"
    context = {"draft": draft, "resume_code": selectors.resume_code_of(draft), "onward": step_url(draft, part)}
    return render(request, "complaints/later.html", context)
