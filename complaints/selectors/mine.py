"""What a consumer, a shop's contact or an agency sees of cases when they come to look."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from complaints.models import Case, FilingKey
from complaints.selectors.cases import cases_open_to
from complaints.selectors.timeline import Side, Timeline, Whose, timeline
from portal.kernel import crypto, pii
from portal.kernel.access import Who, require_person
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import Upload, User
from publicity.selectors.shops import shops_of


@dataclass(frozen=True)
class Told:
    """A case with its story, as one line or one card of a list."""

    case: Case
    story: Timeline

    @property
    def is_open(self) -> bool:
        """Whether the two sides still have to do with each other here."""
        return self.case.state in SHOP_ACTS

    def is_due(self, whose: Whose) -> bool:
        """Whether it is this side's turn."""
        return self.story.whose_turn is whose


ENDED = (Case.State.CLOSED, Case.State.WITHDRAWN, Case.State.TRANSFERRED_OUT)
SHOP_ACTS = (Case.State.ACCEPTED, Case.State.MEDIATING)
MOST_LISTED = 50


def _newest_first(cases: QuerySet[Case]) -> QuerySet[Case]:
    whole = cases.select_related("shop", "hub", "unit", "handler", "respondent", "consumer")
    return whole.order_by("-submitted_at", "-pk")


def cases_of_consumer(who: Who) -> QuerySet[Case]:
    """The complaints that *who* filed or that were filed for them, newest first."""
    person = require_person(who)
    mine = Case.objects.filter(consumer__user=person)
    return mine.select_related("shop", "hub", "unit", "handler", "respondent", "consumer").order_by(
        "-submitted_at", "-pk"
    )


def my_cases(who: Who) -> list[Told]:
    """A consumer's complaints with whose turn it is in each; those still open first."""
    told = [Told(case, timeline(who=who, case=case)) for case in cases_of_consumer(who)[:MOST_LISTED]]
    return sorted(told, key=lambda row: row.case.state in ENDED)


def own_case(*, who: Who, public_id: str) -> Case:
    """A complaint of *who* as its consumer; anybody else's is not found."""
    case = cases_of_consumer(who).filter(public_id=public_id).first()
    if case is None:
        raise not_found()
    return case


def phone_tracked(*, number: str, phone_index: str) -> Case:
    """The case with that number whose consumer has that phone; one sentence for a wrong number and a wrong phone."""
    wanted = Case.objects.filter(number=number.strip().upper(), consumer__user__phone_index=phone_index)
    case = wanted.first()
    if case is None:
        raise Refused("no_such_case", _("编号和手机号对不上。编号在回执和短信里。"), field="number", status=400)
    return case


def filed_by(*, client: User, public_id: str) -> Case:
    """A case that this client or person filed, or whose consumer they are; others are not found."""
    filed = FilingKey.objects.filter(caller=client, case__public_id=public_id).select_related("case").first()
    case = filed.case if filed else cases_open_to(client).filter(public_id=public_id).first()
    if case is None:
        raise not_found()
    return case


def waiting_files(who: Who) -> list[Upload]:
    """Files that *who* has sent in and not yet put with anything."""
    person = require_person(who)
    waiting = Upload.objects.filter(owner_label="", uploaded_by=person, removed_at=None)
    return list(waiting.order_by("received_at", "public_id"))


def cases_of_shops(who: Who) -> list[Told]:
    """What the shops of *who* have to do or have just finished: those due first come first."""
    mine = Case.objects.filter(shop__in=shops_of(who), pk__in=cases_open_to(who).values("pk"))
    rows = mine.select_related("shop", "hub", "unit", "handler", "respondent", "consumer").order_by(
        "-submitted_at", "-pk"
    )
    told = [Told(case, timeline(who=who, case=case, side=Side.SHOP)) for case in rows[:MOST_LISTED]]
    return sorted(told, key=lambda row: (not row.is_open, row.story.turn.by or date.max))


@dataclass(frozen=True)
class Added:
    """Words that a party added after filing."""

    at: datetime
    text: str


@dataclass(frozen=True)
class HandedIn:
    """What one party has handed in of a case, for that party alone: their words and their files."""

    facts: str
    added: tuple[Added, ...]
    files: tuple[Upload, ...]


def handed_in(*, who: Who, case: Case) -> HandedIn:
    """What *who* has handed in; a consumer also sees what was written down or sent in for them."""
    person = require_person(who)
    mine = Q(by=person)
    is_consumer = case.consumer.user_id == person.pk
    if is_consumer:
        mine |= Q(by__kind__in=(User.Kind.STAFF, User.Kind.CLIENT))
    rows = case.evidence.filter(mine, upload__removed_at=None).select_related("upload").order_by("at", "pk")
    added = [Added(row.at, crypto.unseal(row, "text")) for row in case.supplements.filter(by=person).order_by("at")]
    return HandedIn(
        facts=crypto.unseal(case, "facts_sealed") if is_consumer else "",
        added=tuple(added),
        files=tuple(row.upload for row in rows),
    )


def facts_for(case: Case, *, masked: bool) -> str:
    """The consumer's own words; *masked* takes names, phones and addresses out of them."""
    text = crypto.unseal(case, "facts_sealed")
    return pii.mask(text) if masked else text
