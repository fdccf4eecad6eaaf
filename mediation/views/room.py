"""The table from a party's side: the invitation, the room, and what is said there."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mediation.forms.talks import SayForm
from mediation.selectors import invitations, rooms
from mediation.selectors.rooms import Room
from mediation.services import messages, sessions
from portal.kernel import access
from portal.kernel.errors import Refused, into


@access.party
@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, public_id: str) -> HttpResponse:
    """Whether the party agrees to mediate: what it means, and two answers."""
    invitation = invitations.invitation_open_to(who=request.user, public_id=public_id)
    if request.method == "POST":
        mediation = sessions.consent(
            mediation_id=invitation.mediation.pk, agrees=request.POST.get("agrees") == "yes", who=request.user
        )
        return redirect("mediation:invite", mediation.public_id)
    return render(request, "mediation/invite.html", {"page": invitation, "nav": invitation.nav})


def _page(request: HttpRequest, room: Room, form: SayForm, *, status: int = 200) -> HttpResponse:
    return render(request, "mediation/room.html", {"room": room, "form": form}, status=status)


@access.party
@never_cache
@require_GET
def room(request: HttpRequest, public_id: str) -> HttpResponse:
    """The joint lane, the offer on the table, and the composer; complete without a script."""
    return _page(request, rooms.room_open_to(who=request.user, public_id=public_id), SayForm())


@access.party
@require_POST
def say(request: HttpRequest, public_id: str) -> HttpResponse:
    """Say something in the joint lane, then show the room again."""
    found = rooms.room_of_lane(who=request.user, public_id=public_id)
    form = SayForm(request.POST)
    if form.is_valid():
        try:
            messages.post(lane_id=found.lane.pk, who=request.user, **form.cleaned_data)
            return redirect(f"{reverse('mediation:room', args=[found.mediation.public_id])}#latest")
        except Refused as refused:
            into(form, refused)
    return _page(request, found, form, status=422)


@access.signed_in
@never_cache
@require_GET
def catch_up(request: HttpRequest, public_id: str, seq: int) -> HttpResponse:
    """Every line after a place, as HTML, in one answer; the headers say how far they reach and whether more changed."""
    log = rooms.missing_lines(who=request.user, public_id=public_id, seq=seq)
    response = render(request, "mediation/parts/lines.html", {"lines": log.lines})
    response["X-Last-Seq"] = str(log.last_seq)
    response["X-Offers-Changed"] = "1" if log.page_changed else "0"
    return response
