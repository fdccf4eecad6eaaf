"""Each person reads what happened, whose turn it is and by when, in plain words, and nothing that is not theirs."""

from datetime import date, datetime

import pytest
import time_machine

from complaints.models import Case
from complaints.selectors.mine import cases_of_shops, my_cases
from complaints.selectors.timeline import Side, Timeline, Whose, said_day, timeline
from complaints.services import decisions, supplements, triage
from portal.kernel import clock
from portal.kernel.access import Role
from tests import build

pytestmark = pytest.mark.django_db

TUESDAY = datetime(2026, 11, 24, 10, 30, tzinfo=clock.SHANGHAI)


def told(case: Case, side: Side = Side.CONSUMER) -> Timeline:
    case.refresh_from_db()
    return timeline(who=case.consumer.user, case=case, side=side)  # type: ignore[arg-type]


def words(story: Timeline) -> list[tuple[str, str, str]]:
    return [(step.state, step.when, step.title) for step in story.steps]


@time_machine.travel(TUESDAY, tick=False)
def test_at_the_hub_the_consumer_need_do_nothing() -> None:
    story = told(build.a_filed_case())

    assert story.headline == "已经收到，正在送往负责的区局。您现在不用做什么。"
    assert story.lead == "受理中心要在11 月 25 日（星期三）前送到有权处理的市场监督管理局，送到后马上通知您。"
    assert (story.whose_turn, story.turn.by) == (Whose.HUB, date(2026, 11, 25))
    assert words(story) == [
        ("past", "11 月 24 日 10:30", "您提交了投诉"),
        ("now", "现在", "等受理中心分送"),
        ("ahead", "接下来", "区局决定是否受理"),
        ("ahead", "受理之后", "问双方愿不愿意调解"),
        ("ahead", "受理之后 60 日内", "办结"),
    ]


@time_machine.travel(TUESDAY, tick=False)
def test_at_the_bureau_its_name_and_last_day_are_said() -> None:
    unit = build.a_unit(name="南开区市场监督管理局")

    story = told(build.a_dispatched_case(unit=unit))

    assert story.headline == "轮到区局决定是否受理，您现在不用做什么。"
    assert story.lead == "南开区市场监督管理局要在12 月 3 日（星期四）前作出决定，并告诉您理由。"
    assert (story.whose_turn, story.turn.by) == (Whose.BUREAU, date(2026, 12, 3))
    assert story.clock is not None
    assert (story.clock.code, story.clock.due_on) == ("D01", date(2026, 12, 3))
    assert ("past", "11 月 24 日 10:30", "送到南开区市场监督管理局") in words(story)


def test_acceptance_says_on_which_working_day_and_links_the_paper() -> None:
    with time_machine.travel(TUESDAY, tick=False):
        unit = build.a_unit()
        case = build.a_dispatched_case(unit=unit)
    with time_machine.travel(datetime(2026, 11, 27, 9, 0, tzinfo=clock.SHANGHAI), tick=False):
        officer = build.staff(Role.OFFICER, unit)
        case = decisions.claim_case(case_id=case.pk, who=officer, version=case.version)
        case = decisions.accept(case_id=case.pk, who=officer, version=case.version)
        story = told(case)

    step = next(step for step in story.past if step.title == "决定受理")
    assert step.text == "第 3 个工作日，限期是 7 个工作日。"
    assert [link.word for link in step.links] == ["投诉受理决定书"]
    assert [word for _state, _when, word in words(story) if word == "承办人认领"] == []
    assert story.clock is not None
    assert (story.clock.code, story.clock.due_on) == ("D02", date(2027, 1, 26))


@time_machine.travel(TUESDAY, tick=False)
def test_the_shop_reads_only_from_acceptance_on() -> None:
    story = told(build.an_accepted_case(), Side.SHOP)

    assert [step.title for step in story.past] == ["决定受理"]
    assert [step.links for step in story.past] == [()]


@time_machine.travel(TUESDAY, tick=False)
def test_staff_read_who_took_the_case() -> None:
    case = build.an_accepted_case()

    titles = [step.title for step in told(case, Side.STAFF).past]

    assert titles == ["投诉已登记", f"送到{case.unit}", "承办人认领", "决定受理"]


@time_machine.travel(TUESDAY, tick=False)
def test_a_returned_case_keeps_both_receipts_on_the_timeline() -> None:
    first, second = build.a_unit(name="河西区市场监督管理局"), build.a_unit(name="南开区市场监督管理局")
    case = build.a_dispatched_case(unit=first)
    officer = build.staff(Role.OFFICER, first)
    case = triage.return_to_hub(case_id=case.pk, reason="不在本区经营", who=officer, version=case.version)
    dispatcher = build.staff(Role.DISPATCHER, case.hub)
    triage.dispatch(case_id=case.pk, unit_id=second.pk, reason="在该区经营", who=dispatcher, version=case.version)

    assert [step.title for step in told(case).past] == [
        "您提交了投诉",
        "送到河西区市场监督管理局",
        "退回重新分送",
        "送到南开区市场监督管理局",
    ]


@time_machine.travel(TUESDAY, tick=False)
def test_a_withdrawn_case_says_so_and_offers_to_begin_again() -> None:
    case = build.a_filed_case()
    supplements.withdraw(case_id=case.pk, who=case.consumer.user, version=case.version)  # type: ignore[arg-type]

    story = told(case)

    assert story.headline == "您已经撤回这件投诉。"
    assert story.whose_turn is Whose.NOBODY
    assert [link.word for link in story.turn.links] == ["重新投诉"]
    assert story.clock is None
    assert words(story)[-1] == ("past", "11 月 24 日 10:30", "您撤回了投诉")


@time_machine.travel(TUESDAY, tick=False)
def test_lists_put_what_is_due_first() -> None:
    citizen, shop = build.a_citizen(), build.a_shop()
    merchant = build.a_merchant(shop)
    open_case = build.a_filed_case(who=citizen, shop=shop)
    gone = build.a_filed_case(who=citizen, shop=shop)
    supplements.withdraw(case_id=gone.pk, who=citizen, version=gone.version)
    accepted = build.an_accepted_case(who=citizen, shop=shop)

    assert [row.case for row in my_cases(citizen)] == [accepted, open_case, gone]
    assert [row.case for row in cases_of_shops(merchant)] == [accepted]


@time_machine.travel(TUESDAY, tick=False)
def test_days_of_another_year_name_the_year() -> None:
    assert said_day(date(2026, 11, 26)) == "11 月 26 日（星期四）"
    assert said_day(date(2027, 1, 15)) == "2027 年 1 月 15 日"
