"""What the two sides may still do after filing: add facts and evidence, change their consent, withdraw."""

from django.db import transaction
from django.utils.translation import gettext as _
from django_fsm import can_proceed

from complaints import filing_texts, rules
from complaints.filing_rules import CONSENT_TEXT_VERSION, MOST_FACTS_CHARS, MOST_UPLOADS
from complaints.models import Case, Supplement
from complaints.selectors.cases import cases_open_to
from complaints.selectors.mine import waiting_files
from complaints.services.filing import wrong
from complaints.services.holding import lock, moved_on, put_back, void_open_proposal
from complaints.services.intake import attach_evidence
from complaints.services.telling import tell_consumer
from portal.kernel import calendars, clock, crypto, events, files, notices
from portal.kernel.access import Who, require_person
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User
from publicity.models import CaseFact
from publicity.services import facts

__all__ = ["add_supplement", "filing_texts", "set_consents", "withdraw"]

UNDER_WAY = (Case.State.ACCEPTED, Case.State.MEDIATING)
ENDED = (Case.State.CLOSED, Case.State.WITHDRAWN, Case.State.TRANSFERRED_OUT)


@transaction.atomic
def add_supplement(*, case_id: int, who: Who, text: str, upload_ids: tuple[str, ...] = ()) -> Case:
    """A party of the case adds words or files until it is closed; whoever handles it is told.

    Refused: `not_found` to everybody else, `missing` when nothing is added, `too_long`, `case_moved_on` once the case
    has ended; then nothing is kept.
    """
    case, person = _party(case_id, who)
    if case.state in ENDED:
        raise moved_on()
    words = text.strip()
    if not words and not upload_ids:
        raise wrong("text", _("请写要补充的内容，或者添加文件。"))
    if len(words) > MOST_FACTS_CHARS:
        raise wrong("text", _("最多写 {most} 个字。").format(most=MOST_FACTS_CHARS), "too_long")
    if len(upload_ids) > MOST_UPLOADS:
        raise wrong("upload_ids", _("一次最多传 {most} 个文件。").format(most=MOST_UPLOADS), "too_many")
    if words:
        Supplement(case=case, by=person, text=crypto.Plain(words), at=clock.now()).save(force_insert=True)
    count = attach_evidence(case=case, upload_ids=upload_ids, by=person)
    put_back(case)
    side = "consumer" if case.consumer.user_id == person.pk else "shop"
    events.record("case.supplemented", case, actor=person, side=side, files=count, has_words=bool(words))
    _tell_handler(case, "case.supplemented")
    return case


@transaction.atomic
def withdraw(*, case_id: int, who: Who, version: int) -> Case:
    """The consumer takes the complaint back. Before acceptance it ends at once and every clock of it stops.

    Afterwards the wish is put before the handler, who ends the mediation on ground T1 (办法23): the state stays.
    Refused: `not_found` to everybody but its consumer, `stale`, `case_moved_on` once decided, `withdrawal_asked` twice.
    """
    case, person = _consumer(case_id, who)
    check_version(case, version)
    if case.state in UNDER_WAY:
        return _ask_to_end(case, person)
    if not can_proceed(case.withdraw):
        raise moved_on()
    case.withdraw(at=clock.now())
    void_open_proposal(case)
    for running in calendars.open_clocks(case):
        calendars.stop(case, running.code)
    if case.fact_id:
        facts.advance(fact_id=case.fact_id, closed_on=clock.today(), outcome=CaseFact.Outcome.WITHDRAWN)
    put_back(case)
    events.record("case.withdrawn", case, actor=person)
    tell_consumer(case, "case.withdrawn")
    return case


@transaction.atomic
def set_consents(*, case_id: int, who: Who, disclosure: bool, delegation: bool, version: int) -> Case:
    """The consumer gives or takes back a consent; what was done under it stays done (个保法15).

    Refused: `not_found` to everybody else, `stale`. The same consents again change nothing and record nothing.
    """
    case, person = _consumer(case_id, who)
    check_version(case, version)
    if (case.agrees_to_disclosure, case.agrees_to_delegation) == (disclosure, delegation):
        return case
    case.agrees_to_disclosure = disclosure
    case.agrees_to_delegation = delegation
    case.consent_text_version = CONSENT_TEXT_VERSION
    if case.fact_id:
        facts.advance(fact_id=case.fact_id, agrees_to_disclosure=disclosure)
    put_back(case)
    events.record("case.consents_changed", case, actor=person, disclosure=disclosure, delegation=delegation)
    return case


def remove_waiting(*, upload_id: str, who: Who) -> None:
    """Take away a file that *who* has sent in and not yet put with anything; removing it twice changes nothing."""
    with transaction.atomic():
        for upload in waiting_files(who):
            if upload.public_id == upload_id:
                files.remove(upload)


def may_withdraw(case: Case) -> bool:
    """Whether the consumer can still take *case* back, or ask for it."""
    return case.state in UNDER_WAY or can_proceed(case.withdraw)


def has_asked_to_withdraw(case: Case) -> bool:
    """Whether the consumer of an accepted case has asked to take it back."""
    return events.of(case).filter(name="case.withdrawal_asked").exists()


def _ask_to_end(case: Case, person: User) -> Case:
    if has_asked_to_withdraw(case):
        raise Refused("withdrawal_asked", _("您已经提出撤回，承办人正在办理。"))
    put_back(case)
    events.record("case.withdrawal_asked", case, actor=person, ground=rules.TERMINATIONS[0].code)
    _tell_handler(case, "case.withdrawal_asked")
    return case


def _party(case_id: int, who: Who) -> tuple[Case, User]:
    person = require_person(who)
    case = lock(case_id)
    if person.is_staff or not cases_open_to(who).filter(pk=case_id).exists():
        raise not_found()
    return case, person


def _consumer(case_id: int, who: Who) -> tuple[Case, User]:
    case, person = _party(case_id, who)
    if case.consumer.user_id != person.pk:
        raise not_found()
    return case, person


def _tell_handler(case: Case, name: str) -> None:
    if case.handler is not None:
        notices.tell(
            case.handler,
            name,
            subject=case,
            url_name="complaints:desk_case",
            url_args=[case.public_id],
            params={"number": str(case)},
        )
