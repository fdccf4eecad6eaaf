"""A person's messages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from portal.kernel import access, notices
from portal.kernel.errors import not_found

PAGE = 20


@access.signed_in
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """Messages, newest first."""
    who = access.require_person(request.user)
    page = notices.page_of(who, after=request.GET.get("after", ""), size=PAGE)
    return render(request, "kernel/inbox.html", {"page": page, "unread": notices.unread_count(who), "nav": "inbox"})


@access.signed_in
@require_safe
def notice(request: HttpRequest, public_id: str) -> HttpResponse:
    """Open a message: it counts as read, and its page follows."""
    opened = notices.mark_read(access.require_person(request.user), public_id)
    if opened is None:
        raise not_found()
    said = notices.read(opened)
    if said.url:
        return HttpResponseRedirect(said.url)
    return render(request, "kernel/notice.html", {"notice": opened, "said": said, "nav": "inbox"})


@access.signed_in
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Count everything as read."""
    notices.mark_all_read(access.require_person(request.user))
    return redirect("kernel:inbox")
