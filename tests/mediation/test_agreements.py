"""The agreement: one text, one hash, two fresh codes, and what follows from the second signature."""

import hashlib
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from complaints.models import Case, Party, Proposal
from complaints.services import decisions
from mediation.models import Agreement, Mediation, Signature
from mediation.services import agreements, performance
from portal.kernel import access_log, calendars, crypto, documents, events, files, jobs
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord, Document, Notice, PhoneCode
from tests import build
from tests.build_mediation import (
    Table,
    a_code,
    a_drawn_agreement,
    a_room,
    a_signed_agreement,
    an_accepted_offer,
    an_offer,
    signed_by,
)

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 24, 12, tzinfo=SHANGHAI)


def draw(table: Table) -> Agreement:
    return agreements.draw(mediation_id=table.mediation.pk, who=table.officer, version=table.now().version)


def case_of(table: Table) -> Case:
    return Case.objects.get(pk=table.case.pk)


def test_the_text_says_what_was_accepted_and_its_hash_is_of_exactly_those_bytes() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        agreement = a_drawn_agreement(table)

    text = crypto.unseal(agreement, "text_sealed")
    assert "投诉人：林示例" in text
    assert f"被投诉人：{table.shop.name}" in text
    assert "1. 被投诉人于 2026 年 12 月 4 日前向投诉人支付 799.00 元（人民币柒佰玖拾玖元整）。" in text
    assert "2. 消费者把商品交回店里。" in text
    assert agreement.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (agreement.amount_fen, agreement.pay_by) == (79900, date(2026, 12, 4))


def test_the_name_is_sealed_and_opening_it_is_on_record() -> None:
    table = a_room()
    party = Party.objects.get(case=table.case)
    before = access_log.of(party).count()
    agreement = a_drawn_agreement(table)

    assert "林示例".encode() not in bytes(Agreement.objects.get().text_sealed)
    assert [(row.actor, row.purpose) for row in access_log.of(party)][:-before] == [(table.officer, "document")]

    agreements.open_text(agreement_id=agreement.pk, who=table.consumer)
    assert access_log.of(party).count() == before + 1
    agreements.open_text(agreement_id=agreement.pk, who=table.merchant)
    assert [row.actor for row in access_log.of(party)][:-before] == [table.merchant, table.officer]


def test_strangers_read_no_agreement() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    before = AccessRecord.objects.count()

    for stranger in (build.a_citizen(), build.a_merchant(build.a_shop())):
        with pytest.raises(Refused) as refusal:
            agreements.open_text(agreement_id=agreement.pk, who=stranger)
        assert refusal.value.code == "not_found"

    assert AccessRecord.objects.count() == before


def test_an_agreement_needs_an_accepted_offer_and_the_mediator() -> None:
    table = a_room()
    an_offer(table, table.consumer)
    before = AccessRecord.objects.count()

    with pytest.raises(Refused) as refusal:
        draw(table)
    assert refusal.value.code == "nothing_accepted"
    with pytest.raises(Refused) as refusal:
        agreements.draw(mediation_id=table.mediation.pk, who=table.consumer, version=table.now().version)
    assert refusal.value.code == "forbidden"

    assert Agreement.objects.count() == 0
    assert AccessRecord.objects.count() == before


def test_pressing_twice_writes_one_agreement() -> None:
    table = a_room()
    an_accepted_offer(table)
    version = table.now().version

    first = agreements.draw(mediation_id=table.mediation.pk, who=table.officer, version=version)
    again = agreements.draw(mediation_id=table.mediation.pk, who=table.officer, version=version)

    assert again == first
    assert Agreement.objects.count() == 1


def test_one_signature_settles_nothing() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)

    with time_machine.travel(NOON, tick=False):
        signed_by(agreement, table.consumer)

    row = Signature.objects.get()
    assert (row.side, row.by, row.method, row.sha256, row.at) == (
        "consumer",
        table.consumer,
        "phone_code",
        agreement.sha256,
        NOON,
    )
    assert table.now().state == Mediation.State.IN_SESSION
    assert case_of(table).state == Case.State.MEDIATING
    assert Document.objects.filter(kind="form09").count() == 0


def test_the_second_signature_settles_the_case_meets_the_clock_and_issues_form_nine() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        agreement = a_signed_agreement(table)

    case = case_of(table)
    assert (case.state, case.recovered_fen, case.outcome) == (Case.State.SETTLED, 79900, "settled")
    assert table.now().state == Mediation.State.AGREED
    assert agreement.signed_at == NOON
    period = calendars.clocks_of(case).get(code="D02")
    assert period.met_on == date(2026, 11, 24)
    paper = Document.objects.get(kind="form09")
    assert agreement.document == paper
    assert paper.number is not None
    assert paper.number.startswith("津南市监〔2026〕")
    assert [event.name for event in events.of(agreement)] == [
        "agreement.drawn",
        "agreement.signed",
        "agreement.signed",
        "agreement.concluded",
    ]
    assert {row.sha256 for row in agreement.signatures.all()} == {agreement.sha256}
    assert Notice.objects.filter(name="agreement.concluded").count() == 3


def test_form_nine_becomes_a_pdf_for_both_sides_and_for_nobody_else() -> None:
    table = a_room()
    a_signed_agreement(table)
    jobs.drain()

    paper = Document.objects.get(kind="form09")
    assert paper.state == Document.State.MADE
    assert paper.pdf is not None
    content = files.content_of(paper.pdf)
    assert content.startswith(b"%PDF-")
    assert paper.lacks_glyphs is False
    for who in (table.consumer, table.merchant, table.officer):
        assert documents.readable(paper.public_id, who=who) == paper
    for stranger in (build.a_citizen(), build.a_merchant(build.a_shop())):
        with pytest.raises(Refused):
            documents.readable(paper.public_id, who=stranger)


def test_form_nine_names_the_consumer_and_hides_the_telephone() -> None:
    table = a_room()
    a_signed_agreement(table)

    data = crypto.unseal(Document.objects.get(kind="form09"), "data_sealed")
    assert "林示例" in data
    assert crypto.unseal(table.consumer, "phone_sealed") not in data


def test_a_wrong_code_signs_nothing_and_counts() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    right = a_code(agreement, table.consumer)
    wrong = "000000" if right != "000000" else "000001"

    with pytest.raises(Refused) as refusal:
        agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=wrong, who=table.consumer)

    assert (refusal.value.code, refusal.value.field) == ("code_wrong", "code")
    assert Signature.objects.count() == 0
    assert PhoneCode.objects.get().tries == 1
    assert events.of(agreement).count() == 1


def test_a_code_of_one_side_does_not_sign_for_the_other() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    code = a_code(agreement, table.consumer)

    with pytest.raises(Refused) as refusal:
        agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=code, who=table.merchant)

    assert refusal.value.code == "code_expired"
    assert Signature.objects.count() == 0


def test_another_hash_than_the_one_shown_is_refused_and_the_code_stays_good() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    code = a_code(agreement, table.consumer)

    with pytest.raises(Refused) as refusal:
        agreements.sign(agreement_id=agreement.pk, sha256="0" * 64, code=code, who=table.consumer)
    assert refusal.value.code == "text_changed"
    assert Signature.objects.count() == 0

    agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=code, who=table.consumer)
    assert Signature.objects.count() == 1


def test_a_side_signs_once() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    signed_by(agreement, table.consumer)

    with pytest.raises(Refused) as refusal:
        agreements.send_code(agreement_id=agreement.pk, who=table.consumer)

    assert refusal.value.code == "signed_already"
    assert PhoneCode.objects.count() == 1


def test_staff_and_strangers_sign_nothing() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)

    for who, code in ((table.officer, "forbidden"), (build.a_citizen(), "not_found")):
        with pytest.raises(Refused) as refusal:
            agreements.send_code(agreement_id=agreement.pk, who=who)
        assert refusal.value.code == code

    assert PhoneCode.objects.count() == 0


def test_two_signatures_void_a_termination_that_still_waits_for_its_reviewer() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    signed_by(agreement, table.consumer)
    decisions.propose_termination(
        case_id=table.case.pk, ground="T3", reason="谈不成。", who=table.officer, version=case_of(table).version
    )

    signed_by(agreement, table.merchant)

    assert Proposal.objects.get().state == Proposal.State.VOID
    assert case_of(table).state == Case.State.SETTLED


def test_nobody_signs_after_the_mediation_was_terminated() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    signed_by(agreement, table.consumer)
    code = a_code(agreement, table.merchant)
    reviewer = build.staff(Role.REVIEWER, table.case.unit)
    proposal = decisions.propose_termination(
        case_id=table.case.pk, ground="T3", reason="谈不成。", who=table.officer, version=case_of(table).version
    )
    decisions.approve_proposal(proposal_id=proposal.pk, who=reviewer)

    with pytest.raises(Refused):
        agreements.sign(agreement_id=agreement.pk, sha256=agreement.sha256, code=code, who=table.merchant)

    assert Signature.objects.count() == 1
    assert case_of(table).state == Case.State.TERMINATED
    assert Document.objects.filter(kind="form09").count() == 0


def mark(agreement: Agreement, who: Any, **said: Any) -> Agreement:
    return performance.mark_performed(agreement_id=agreement.pk, who=who, **said)


def test_the_consumer_says_it_was_performed() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        agreement = mark(a_signed_agreement(table), table.consumer)

    assert agreement.performed_on == date(2026, 11, 24)
    assert table.now().state == Mediation.State.PERFORMED
    with time_machine.travel(datetime(2026, 12, 20, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
    assert Agreement.objects.get().breached_on is None


def test_the_shop_does_not_mark_its_own_performance() -> None:
    table = a_room()
    agreement = a_signed_agreement(table)

    with pytest.raises(Refused) as refusal:
        mark(agreement, table.merchant)

    assert refusal.value.code == "forbidden"
    assert Agreement.objects.get().performed_on is None


def test_performance_lies_between_the_signatures_and_today() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        agreement = a_signed_agreement(table)

        for day in (date(2026, 11, 23), date(2026, 11, 25)):
            with pytest.raises(Refused) as refusal:
                mark(agreement, table.officer, performed_on=day)
            assert (refusal.value.code, refusal.value.field) == ("performed_on", "performed_on")
        assert Agreement.objects.get().performed_on is None


def test_three_working_days_after_the_day_of_payment_it_is_breached() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        agreement = a_signed_agreement(table)
    assert agreement.pay_by == date(2026, 12, 4)

    with time_machine.travel(datetime(2026, 12, 9, 23, 59, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        assert Agreement.objects.get().breached_on is None

    with time_machine.travel(datetime(2026, 12, 10, 0, 6, tzinfo=SHANGHAI), tick=False):
        jobs.drain()

    assert Agreement.objects.get().breached_on == date(2026, 12, 10)
    assert table.now().state == Mediation.State.BREACHED
    last = events.of(agreement).last()
    assert last is not None
    assert (last.name, last.payload) == ("agreement.breached", {"fen": 79900, "pay_by": "2026-12-04"})
    assert Notice.objects.filter(user=table.consumer, name="agreement.breached").count() == 1
    assert Notice.objects.filter(user=table.merchant, name="agreement.breached_shop").count() == 1


def test_late_performance_still_counts() -> None:
    with time_machine.travel(NOON, tick=False):
        table = a_room()
        agreement = a_signed_agreement(table)
    with time_machine.travel(datetime(2026, 12, 10, 9, tzinfo=SHANGHAI), tick=False):
        jobs.drain()
        mark(agreement, table.officer, performed_on=date(2026, 12, 10))

    found = Agreement.objects.get()
    assert (found.breached_on, found.performed_on) == (date(2026, 12, 10), date(2026, 12, 10))
    assert table.now().state == Mediation.State.PERFORMED
