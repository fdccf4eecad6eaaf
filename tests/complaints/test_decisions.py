"""Accepting, declining and ending a case: one person proposes, another decides."""

import json
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
import time_machine

from complaints import period_rules, rules
from complaints.models import Case
from complaints.services import decisions
from portal.kernel import clock, crypto
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord, Clock, Document, Event, Notice, User
from publicity.models import ShopContact
from tests.build import a_dispatched_case, a_merchant, a_shop, a_unit, an_accepted_case, staff
from tests.build_desk import (
    a_mediating_case,
    a_proposed_rejection,
    a_rejected_case,
    clocks_of,
    consumer_of,
    fact_of,
    names_of,
    owed,
    snapshot,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


def said(document: Document) -> dict[str, object]:
    """What the service gave to a paper."""
    data: dict[str, object] = json.loads(crypto.unseal(document, "data_sealed"))["data"]
    return data


def test_the_first_to_claim_keeps_the_case() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    first, second = staff(Role.OFFICER, unit), staff(Role.OFFICER, unit)

    case = decisions.claim_case(case_id=case.pk, who=first, version=case.version)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        decisions.claim_case(case_id=case.pk, who=second, version=case.version)

    assert refusal.value.code == "claimed_by_another"
    assert decisions.claim_case(case_id=case.pk, who=first, version=case.version).handler == first
    assert snapshot(case) == before
    assert names_of(case)[-1] == "case.claimed"


@time_machine.travel(MONDAY, tick=False)
def test_acceptance_meets_d01_starts_d02_and_tells_both_sides() -> None:
    unit, shop = a_unit(), a_shop()
    merchant = a_merchant(shop)
    case = a_dispatched_case(unit=unit, shop=shop)
    officer = staff(Role.OFFICER, unit)

    case = decisions.accept(case_id=case.pk, who=officer, version=case.version)

    assert (case.state, case.handler, case.decided_at) == ("accepted", officer, MONDAY)
    assert clocks_of(case) == {"HUB": "met", "D01": "met", "D02": "open"}
    mediate = Clock.objects.get(code="D02")
    assert (mediate.measure, mediate.length, mediate.due_on) == ("CD", 60, date(2027, 1, 22))
    assert (mediate.article, mediate.regime, mediate.provisional) == (
        "《市场监督管理投诉举报处理办法》第二十三条",
        "ORDER121",
        True,
    )
    assert (fact_of(case).decided_on, fact_of(case).was_accepted) == (date(2026, 11, 23), True)
    assert fact_of(case).mediation_due_on == date(2027, 1, 22)
    assert Event.objects.get(name="case.accepted").payload == {"due_on": "2027-01-22"}
    assert Notice.objects.get(name="case.accepted").user == consumer_of(case)
    assert Notice.objects.get(name="case.accepted_shop").user == merchant


@time_machine.travel(MONDAY, tick=False)
def test_form_five_names_the_case_and_no_day_that_may_still_move() -> None:
    unit = a_unit()
    case = an_accepted_case(unit=unit)
    paper = Document.objects.get(kind="form05")
    assert paper.number == "津南市监〔2026〕2号"
    assert said(paper) == {
        "case_number": case.number,
        "matter": case.title,
        "addressee": "林示例",
        "respondent": str(case.shop),
        "received_on": "2026 年 11 月 23 日",
        "contact": case.handler.display_name if case.handler else "",
        "contact_phone": unit.phone,
        "decided_on": "2026 年 11 月 23 日",
        "basis": "《市场监督管理投诉举报处理办法》第十五条",
    }
    looked = AccessRecord.objects.filter(purpose="document", kind="identity", actor=case.handler)
    assert [record.fields for record in looked] == [["name"]]


def test_a_second_decision_is_refused_and_nothing_more_happens() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = an_accepted_case(unit=unit, officer=officer)
    before = snapshot(case)

    for act in (
        lambda: decisions.accept(case_id=case.pk, who=officer, version=case.version),
        lambda: decisions.propose_rejection(
            case_id=case.pk, ground="R16_1", reason="没有权限", who=officer, version=case.version
        ),
    ):
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "case_already_decided"
    assert snapshot(case) == before


def test_a_stale_page_is_refused_with_the_current_version() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    officer = staff(Role.OFFICER, unit)
    decisions.claim_case(case_id=case.pk, who=officer, version=2)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        decisions.accept(case_id=case.pk, who=officer, version=2)
    assert (refusal.value.code, refusal.value.extra) == ("stale", {"current_version": 3})
    assert snapshot(case) == before


def test_nobody_decides_anothers_case_or_another_bureaus() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    case = decisions.claim_case(case_id=case.pk, who=staff(Role.OFFICER, unit), version=case.version)
    before = snapshot(case)
    refused = {
        staff(Role.OFFICER, unit): "not_the_handler",
        staff(Role.OFFICER, a_unit()): "not_found",
        staff(Role.REVIEWER, unit): "forbidden",
        staff(Role.DISPATCHER, case.hub): "forbidden",
        staff(Role.ADMIN, unit): "not_found",
    }
    for who, code in refused.items():
        with pytest.raises(Refused) as refusal:
            decisions.accept(case_id=case.pk, who=who, version=case.version)
        assert refusal.value.code == code
    assert snapshot(case) == before


@pytest.mark.parametrize(
    ("ground", "reason", "code", "field"),
    [
        ("R16_8", "不属于职责", "unknown_ground", "ground"),
        ("T1", "不属于职责", "unknown_ground", "ground"),
        ("", "不属于职责", "unknown_ground", "ground"),
        ("R16_1", " ", "reason_missing", "reason"),
        ("R16_1", "长" * 2001, "reason_long", "reason"),
    ],
)
def test_a_rejection_takes_one_of_seven_grounds_and_a_reason(ground: str, reason: str, code: str, field: str) -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        decisions.propose_rejection(
            case_id=case.pk, ground=ground, reason=reason, who=staff(Role.OFFICER, unit), version=case.version
        )
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert snapshot(case) == before


def test_a_proposal_decides_nothing_and_blocks_a_second_one() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    proposal = a_proposed_rejection(unit=unit, officer=officer)
    case = Case.objects.get(pk=proposal.case_id)
    assert (case.state, case.handler, clocks_of(case)["D01"]) == ("dispatched", officer, "open")
    assert crypto.unseal(proposal, "reason_sealed") == "购买者为转卖而买，不是为生活消费。"
    before = snapshot(case)
    for act in (decisions.accept, decisions.propose_rejection):
        more = {"ground": "R16_1", "reason": "没有权限"} if act is decisions.propose_rejection else {}
        with pytest.raises(Refused) as refusal:
            act(case_id=case.pk, who=officer, version=case.version, **more)
        assert refusal.value.code == "proposal_open"
    assert snapshot(case) == before


@time_machine.travel(MONDAY, tick=False)
def test_a_reviewer_approves_and_form_six_prints_seven_grounds_reason_and_routes() -> None:
    unit = a_unit()
    officer, reviewer = staff(Role.OFFICER, unit), staff(Role.REVIEWER, unit)
    proposal = a_proposed_rejection(unit=unit, officer=officer)

    case = decisions.approve_proposal(proposal_id=proposal.pk, who=reviewer)

    assert (case.state, case.outcome, case.decided_at) == ("rejected", "rejected", MONDAY)
    assert clocks_of(case) == {"HUB": "met", "D01": "met"}
    assert (fact_of(case).decided_on, fact_of(case).was_accepted) == (date(2026, 11, 23), False)
    assert names_of(case)[-2:] == ["case.rejection_proposed", "case.rejected"]
    paper = said(Document.objects.get(kind="form06"))
    assert paper["ground"] == 3
    assert paper["grounds"] == [str(ground.text) for ground in rules.REJECTION_GROUNDS]
    assert len(rules.REJECTION_GROUNDS) == 7
    assert paper["reason"] == "购买者为转卖而买，不是为生活消费。"
    assert paper["routes_article"] == "《中华人民共和国消费者权益保护法》第三十九条"
    assert paper["routes"] == [
        "与经营者协商和解",
        "请求消费者协会或者依法成立的其他调解组织调解",
        "向有关行政部门投诉",
        "根据与经营者达成的仲裁协议提请仲裁机构仲裁",
        "向人民法院提起诉讼",
    ]
    told = Notice.objects.get(name="case.rejected")
    assert told.user == consumer_of(case)
    assert "林" not in json.dumps(told.params, ensure_ascii=False)


def test_no_paper_of_an_order_121_case_cites_order_20() -> None:
    printed = [str(ground.article) for ground in (*rules.REJECTION_GROUNDS, *rules.TERMINATION_GROUNDS)]
    printed += [str(rules.ROUTES_AFTER_TERMINATION)]
    assert not [text for text in printed if "暂行" in text or "旧办法" in text or "第二十一条" in text]
    held = [rule for rule in period_rules.CLOCKS if rule.from_date >= rules.ORDER121_FROM]
    assert len(held) == 4
    assert not [rule for rule in held if "暂行" in rule.article]
    with time_machine.travel(MONDAY, tick=False):
        case = an_accepted_case()
        assert (case.regime, {c.regime for c in Clock.objects.exclude(code="HUB")}) == ("ORDER121", {"ORDER121"})


def test_the_handler_cannot_review_even_with_both_roles() -> None:
    unit = a_unit()
    both = staff(Role.OFFICER, unit, Role.REVIEWER)
    proposal = a_proposed_rejection(unit=unit, officer=both)
    before = snapshot(proposal.case)
    acts: list[Callable[[User], Case]] = [
        lambda who: decisions.approve_proposal(proposal_id=proposal.pk, who=who),
        lambda who: decisions.return_proposal(proposal_id=proposal.pk, who=who, reason="再看看"),
    ]
    for act in acts:
        for who, code in ((both, "same_person"), (staff(Role.OFFICER, unit), "forbidden")):
            with pytest.raises(Refused) as refusal:
                act(who)
            assert (refusal.value.code, refusal.value.status) == (code, 403)
        with pytest.raises(Refused) as foreign:
            act(staff(Role.REVIEWER, a_unit()))
        assert foreign.value.code == "not_found"
    assert snapshot(proposal.case) == before


def test_the_second_reviewer_is_refused_and_nothing_more_happens() -> None:
    unit = a_unit()
    proposal = a_proposed_rejection(unit=unit, officer=staff(Role.OFFICER, unit))
    decisions.approve_proposal(proposal_id=proposal.pk, who=staff(Role.REVIEWER, unit))
    before = snapshot(proposal.case)
    with pytest.raises(Refused) as refusal:
        decisions.return_proposal(proposal_id=proposal.pk, who=staff(Role.REVIEWER, unit), reason="再看看")
    assert refusal.value.code == "proposal_decided"
    assert snapshot(proposal.case) == before


def test_a_returned_proposal_leaves_the_case_undecided_for_its_handler() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    proposal = a_proposed_rejection(unit=unit, officer=officer)
    case = decisions.return_proposal(
        proposal_id=proposal.pk, who=staff(Role.REVIEWER, unit), reason="请先向消费者要凭证"
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.return_reason) == ("returned", "请先向消费者要凭证")
    assert (case.state, clocks_of(case)["D01"]) == ("dispatched", "open")
    assert decisions.accept(case_id=case.pk, who=officer, version=case.version).state == "accepted"


def test_a_rejected_case_is_hidden_from_the_shop() -> None:
    from complaints.selectors.cases import cases_open_to

    unit, shop = a_unit(), a_shop()
    merchant = a_merchant(shop)
    rejected = a_rejected_case(unit=unit, officer=staff(Role.OFFICER, unit), shop=shop)
    assert rejected not in cases_open_to(merchant)
    accepted = an_accepted_case(unit=unit, shop=shop)
    assert list(cases_open_to(merchant)) == [accepted]
    ShopContact.objects.filter(user=merchant).update(ended_at=clock.now())
    assert list(cases_open_to(User.objects.get(pk=merchant.pk))) == []


@time_machine.travel(MONDAY, tick=False)
def test_a_termination_meets_d02_starts_d03_and_form_eight_goes_to_both() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_mediating_case(unit=unit, officer=officer)
    proposal = decisions.propose_termination(
        case_id=case.pk, ground="T2_MERCHANT", reason="商家两次不到场。", who=officer, version=case.version
    )
    assert clocks_of(case)["D02"] == "open"

    case = decisions.approve_proposal(proposal_id=proposal.pk, who=staff(Role.REVIEWER, unit))

    assert (case.state, case.outcome) == ("terminated", "merchant_refused")
    assert clocks_of(case) == {"HUB": "met", "D01": "met", "D02": "met", "D03": "open"}
    assert Clock.objects.get(code="D03").due_on == date(2026, 12, 2)
    paper = said(Document.objects.get(kind="form08"))
    assert (paper["addressee"], paper["second_addressee"]) == ("林示例", case.respondent.name)
    assert (paper["ground"], len(rules.TERMINATION_GROUNDS)) == (2, 8)
    assert paper["basis"] == "《市场监督管理投诉举报处理办法》第二十三条第一款"
    assert owed("complaints.tell_termination") == 1


@pytest.mark.parametrize(
    ("ground", "number", "outcome"),
    [
        ("T1_WITHDRAWN", 1, "withdrawn"),
        ("T1_SETTLED", 1, "self_settled"),
        ("T2_CONSUMER", 2, "consumer_refused"),
        ("T2_MERCHANT", 2, "merchant_refused"),
        ("T3", 3, "not_agreed"),
        ("T4", 4, "not_agreed"),
        ("T5", 5, "not_agreed"),
        ("T6", 6, "other"),
        ("T7", 7, "other"),
        ("T8", 8, "other"),
    ],
)
def test_each_way_to_end_has_its_printed_number_and_its_outcome(ground: str, number: int, outcome: str) -> None:
    choice = rules.termination(ground)
    assert (choice.ground.number, choice.outcome) == (number, outcome)
    assert len(rules.TERMINATIONS) == 10


@pytest.mark.parametrize("ground", ["T1", "T2", "T9", "R16_1", ""])
def test_a_termination_takes_one_of_the_listed_choices(ground: str) -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    case = a_mediating_case(unit=unit, officer=officer)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        decisions.propose_termination(
            case_id=case.pk, ground=ground, reason="谈不拢。", who=officer, version=case.version
        )
    assert (refusal.value.code, refusal.value.field) == ("unknown_ground", "ground")
    assert snapshot(case) == before


def test_sixty_days_are_a_ground_only_once_they_are_over() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    with time_machine.travel(datetime(2026, 8, 12, 9, tzinfo=clock.SHANGHAI), tick=False):
        case = a_mediating_case(unit=unit, officer=officer)
    propose: dict[str, Any] = {"case_id": case.pk, "ground": "T5", "reason": "六十日内没有谈成。", "who": officer}
    with time_machine.travel(datetime(2026, 10, 10, 9, tzinfo=clock.SHANGHAI), tick=False):
        before = snapshot(case)
        with pytest.raises(Refused) as refusal:
            decisions.propose_termination(version=case.version, **propose)
        assert (refusal.value.code, refusal.value.field) == ("sixty_days_not_over", "ground")
        assert snapshot(case) == before
    with time_machine.travel(datetime(2026, 10, 11, 9, tzinfo=clock.SHANGHAI), tick=False):
        assert decisions.propose_termination(version=case.version, **propose).state == "open"


def test_a_case_that_is_not_accepted_cannot_be_ended() -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    before = snapshot(case)
    with pytest.raises(Refused) as refusal:
        decisions.propose_termination(
            case_id=case.pk, ground="T3", reason="谈不拢。", who=staff(Role.OFFICER, unit), version=case.version
        )
    assert refusal.value.code == "case_moved_on"
    assert snapshot(case) == before
