"""The mediator's bench: the lane, the ladder, the evidence, the clock, and what may be done now."""

from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import QuerySet

from complaints import rules as law
from complaints.models import Case, Evidence, Proposal
from complaints.services.identities import masked
from mediation.access import PARTIES
from mediation.models import Agreement, Appraisal, Consent, Lane, Mediation, Offer, Side
from mediation.rules import APPRAISAL_ARTICLE, CONSENT, MAY_HELP
from mediation.selectors.agreements import Signed, signatures_of
from mediation.selectors.lines import Lines, lines_after
from mediation.selectors.offers import Card, Ladder, cards, ladder
from mediation.selectors.rooms import after_url
from mediation.selectors.talks import mediation_open_to, mediations_open_to, side_at
from mediation.selectors.words import sum_of
from portal.kernel import calendars, clock, files
from portal.kernel.access import Who, require_person
from portal.kernel.calendars import Clock
from portal.kernel.errors import Sentence, not_found

TONES = {
    Mediation.State.INVITED: "",
    Mediation.State.AGREED: "ok",
    Mediation.State.PERFORMED: "ok",
    Mediation.State.BREACHED: "bad",
    Mediation.State.ENDED: "",
}


@dataclass(frozen=True)
class Answer:
    """What one side said to the invitation, if it did."""

    side: str
    name: str
    consent: Consent | None


@dataclass(frozen=True)
class Paper:
    """One piece of evidence and who handed it in."""

    public_id: str
    name: str
    is_from_consumer: bool


@dataclass(frozen=True)
class Bench:
    """Everything in front of the mediator."""

    mediation: Mediation
    lane: Lane
    log: Lines
    period: Clock | None
    asked: Clock | None
    answers: tuple[Answer, ...]
    consumer: str
    offers: list[Card]
    ladder: Ladder | None
    papers: tuple[Paper, ...]
    agreement: Agreement | None
    signatures: tuple[Signed, ...]
    appraisals: tuple[Appraisal, ...]
    proposal: Proposal | None
    is_mine: bool
    may_help: tuple[tuple[Sentence, Sentence], ...] = MAY_HELP

    @property
    def after_url(self) -> str:
        return after_url(self.lane)

    @property
    def running(self) -> Clock | None:
        """The clock that runs now: the invitation's, then the sixty days."""
        return self.asked or (self.period if self.period is not None and self.period.is_open else None)

    @property
    def appraisal_article(self) -> Sentence:
        return APPRAISAL_ARTICLE

    @property
    def stage(self) -> str:
        return str(self.mediation.get_state_display())

    @property
    def tone(self) -> str:
        return TONES.get(self.mediation.state, "now")

    @property
    def agreement_sum(self) -> str:
        return sum_of(self.mediation.case, self.agreement.amount_fen) if self.agreement is not None else ""

    @property
    def is_invited(self) -> bool:
        return bool(self.mediation.state == Mediation.State.INVITED)

    @property
    def is_talking(self) -> bool:
        return self.mediation.state in Mediation.TALKING

    @property
    def may_draw(self) -> bool:
        is_accepted = any(card.state == Offer.State.ACCEPTED for card in self.offers)
        return self.may_pause and self.agreement is None and is_accepted

    @property
    def may_pause(self) -> bool:
        return self.is_mine and self.mediation.state == Mediation.State.IN_SESSION

    @property
    def may_resume(self) -> bool:
        return self.is_mine and self.mediation.state == Mediation.State.APPRAISAL

    @property
    def may_propose_end(self) -> bool:
        return self.proposal is None and (self.is_invited or self.is_talking)

    @property
    def may_mark_performed(self) -> bool:
        return self.is_mine and self.mediation.state in (Mediation.State.AGREED, Mediation.State.BREACHED)

    @property
    def period_is_over(self) -> bool:
        return self.period is not None and self.period.paused_on is None and clock.today() >= self.period.due_on

    @property
    def agreement_id(self) -> int:
        """The key of the agreement on a bench that has one (`drawn_bench_open_to`)."""
        return self.agreement.pk if self.agreement is not None else 0


def bench_open_to(*, who: Who, public_id: str) -> Bench:
    """The bench of talks in a bureau where *who* mediates or handles cases, or not found."""
    mediation = mediation_open_to(who=who, public_id=public_id)
    return _bench(mediation, who)


def drawn_bench_open_to(*, who: Who, public_id: str) -> Bench:
    """The bench of talks whose agreement has been written, or not found."""
    found = bench_open_to(who=who, public_id=public_id)
    if found.agreement is None:
        raise not_found()
    return found


def _bench(mediation: Mediation, who: Who) -> Bench:
    person = require_person(who)
    side = side_at(who, mediation)
    case = mediation.case
    lane = Lane.objects.get(mediation=mediation, kind=Lane.Kind.JOINT)
    lane.mediation = mediation
    agreement = Agreement.objects.filter(mediation=mediation).select_related("document", "offer").first()
    hidden = masked(case)
    consents = {row.side: row for row in mediation.consents.select_related("by")}
    names = {Side.CONSUMER: hidden.name if hidden else "", Side.MERCHANT: str(case.shop or case.respondent.name)}
    return Bench(
        mediation=mediation,
        lane=lane,
        log=lines_after(lane, 0, who=person, side=side),
        period=calendars.clocks_of(case).filter(code=law.MEDIATE).last(),
        asked=calendars.open_clocks(mediation).filter(code=CONSENT).first(),
        answers=tuple(Answer(party, names[party], consents.get(party)) for party in PARTIES),
        consumer=names[Side.CONSUMER],
        offers=cards(mediation, side=Side.MEDIATOR),
        ladder=ladder(mediation),
        papers=_papers(mediation),
        agreement=agreement,
        signatures=signatures_of(agreement, reader=Side.MEDIATOR) if agreement is not None else (),
        appraisals=tuple(mediation.appraisals.order_by("commissioned_on", "pk")),
        proposal=case.proposals.filter(state=Proposal.State.OPEN).first(),
        is_mine=mediation.mediator_id == person.pk,
    )


def _papers(mediation: Mediation) -> tuple[Paper, ...]:
    rows: QuerySet[Evidence] = mediation.case.evidence.select_related("upload").order_by("at", "pk")
    consumer_id = mediation.case.consumer.user_id
    return tuple(
        Paper(row.upload.public_id, files.name_of(row.upload), row.by_id in (None, consumer_id)) for row in rows
    )


@dataclass(frozen=True)
class Row:
    """One line of the list of talks."""

    mediation: Mediation
    clock: Clock | None


def in_hand(who: Who) -> QuerySet[Mediation]:
    """The talks of the person's bureaus that are not over."""
    return mediations_open_to(who).exclude(state__in=[Mediation.State.PERFORMED, Mediation.State.ENDED])


def talks_in_hand(who: Who) -> list[Row]:
    """The talks in hand with the clock that runs on each, the one due first first."""
    found = list(in_hand(who).select_related("case__shop", "mediator"))
    asked = _open_clocks(Mediation, CONSENT, [row.pk for row in found])
    periods = _open_clocks(Case, law.MEDIATE, [row.case_id for row in found])
    rows = [Row(row, asked.get(row.pk) or periods.get(row.case_id)) for row in found]
    return sorted(rows, key=lambda row: (row.clock.due_on if row.clock else date.max, row.mediation.pk))


def _open_clocks(model: type[models.Model], code: str, keys: list[int]) -> dict[int, Clock]:
    wanted = Clock.objects.open().of(model).filter(code=code, subject_pk__in=[str(key) for key in keys])
    return {int(row.subject_pk): row for row in wanted}
