"""Published releases, and drafts at the desk."""

from datetime import date

from django.db.models import QuerySet

from portal.kernel.access import Role, Who
from portal.kernel.errors import not_found
from portal.kernel.models import User
from publicity.models import Release

STATISTICIANS = frozenset({Role.ANALYST, Role.STATISTICS_APPROVER})


def signed(*, who: Who) -> QuerySet[Release]:
    """Releases in force, newest month first; the same for everybody."""
    return Release.objects.filter(state=Release.State.SIGNED).order_by("-month")


def editions(*, who: Who, month: date) -> QuerySet[Release]:
    """All signed editions of one month, the newest first: a correction never hides what it corrects."""
    return Release.objects.filter(month=month).exclude(state=Release.State.DRAFT).order_by("-edition")


def release_of(*, who: Who, month: date, edition: int | None = None) -> Release:
    """The release in force of one month, or the edition of it that is asked for; otherwise not found."""
    public = editions(who=who, month=month)
    wanted = public.filter(state=Release.State.SIGNED) if edition is None else public.filter(edition=edition)
    found = wanted.first()
    if found is None:
        raise not_found()
    return found


def at_the_desk(who: Who) -> QuerySet[Release]:
    """All releases, for those who make and sign them."""
    if not isinstance(who, User) or not who.roles & STATISTICIANS:
        return Release.objects.none()
    return Release.objects.select_related("made_by", "signed_by").order_by("-month", "-edition")


def desk_release(*, who: Who, public_id: str) -> Release:
    """One release at the desk, or not found."""
    found = at_the_desk(who).filter(public_id=public_id).first()
    if found is None:
        raise not_found()
    return found


def first_missing(who: Who, *, upto: date) -> date | None:
    """The month that is to be frozen next: the newest up to *upto* without any release; None when that one has one."""
    return None if at_the_desk(who).filter(month=upto).exists() else upto
