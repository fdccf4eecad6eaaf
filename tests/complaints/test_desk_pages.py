"""The desk in the browser: what each role sees, what a page does, and that nothing typed is lost."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from complaints.models import Case, Proposal, Report
from complaints.services import decisions
from portal.kernel import access_log, clock, jobs, search
from portal.kernel.access import Role
from portal.kernel.models import AccessRecord, Organisation, User
from tests.build import a_dispatched_case, a_filed_case, a_hub, a_merchant, a_shop, a_unit, staff
from tests.build_desk import (
    a_department,
    a_proposed_rejection,
    a_report,
    a_settled_case,
    a_taken_report,
    a_terminated_case,
    an_incomplete_order,
    at_desk,
    snapshot,
    until_done,
)

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 10, tzinfo=clock.SHANGHAI)


@pytest.fixture
def unit() -> Organisation:
    return a_unit()


@pytest.fixture
def officer(unit: Organisation) -> User:
    return staff(Role.OFFICER, unit)


def text_of(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, url
    return response.content.decode()


def case_url(case: Case, act: str = "") -> str:
    return f"/desk/cases/{case.public_id}/{act + '/' if act else ''}"


def test_the_queue_says_in_its_heading_what_is_due(unit: Organisation, officer: User) -> None:
    with time_machine.travel(datetime(2026, 11, 11, 9, tzinfo=clock.SHANGHAI), tick=False):
        late = a_dispatched_case(unit=unit)
    with time_machine.travel(MONDAY, tick=False):
        fresh = a_dispatched_case(unit=unit)
        page = text_of(at_desk(officer), "/desk/")
    assert "今天先办这 1 件" in page
    assert "1 件逾期。今天是 11 月 23 日（星期一）。" in page
    assert "逾期 1 个工作日" in page
    assert page.index(late.number or "") < page.index(fresh.number or "")
    assert "共 2 件" in page
    assert "林示例" not in page


def test_the_queue_is_narrowed_by_stage_and_class(unit: Organisation, officer: User) -> None:
    one = a_dispatched_case(unit=unit, problem="P02")
    other = a_dispatched_case(unit=unit, problem="P05")
    page = text_of(at_desk(officer), "/desk/?stage=dispatched&problem=P05")
    assert (str(other) in page, str(one) in page) == (True, False)
    assert "没有符合的案件" in text_of(at_desk(officer), "/desk/?stage=mediating")
    assert text_of(at_desk(officer), "/desk/?stage=nonsense&problem=x&order=amount")


def test_a_long_queue_is_read_page_by_page_at_the_same_cost(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    hub = a_hub()
    for number in range(63):
        an_incomplete_order(source_system="T", source_no=f"N{number:03d}")
    client = at_desk(staff(Role.INTAKE, hub))
    with django_assert_max_num_queries(12):
        first = text_of(client, "/desk/")
    assert (first.count('class="job"'), "N059" in first, "N060" in first) == (60, True, False)
    assert "第 1 到 60 件，共 63 件" in first
    assert 'href="?skip=60"' in first
    second = text_of(client, "/desk/?skip=60")
    assert (second.count('class="job"'), "N060" in second, "第 61 到 63 件，共 63 件" in second) == (3, True, True)
    assert 'href="/desk/"' in second
    for nonsense in ("x", "-1", "99999999999", "63"):
        assert "第 1 到 60 件" in text_of(client, f"/desk/?skip={nonsense}")


def test_an_empty_desk_says_so(officer: User) -> None:
    assert "手上没有期限在走" in text_of(at_desk(officer), "/desk/")


def test_claiming_from_the_queue(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    answer = at_desk(officer).post(case_url(case, "claim"), {"claim-version": case.version})
    assert (answer.status_code, answer["Location"]) == (302, case_url(case))
    assert Case.objects.get().handler == officer


def test_the_rail_shows_each_role_its_own_lists(unit: Organisation, officer: User) -> None:
    a_dispatched_case(unit=unit)
    officers = text_of(at_desk(officer), "/desk/")
    assert "待认领" in officers
    assert "待审核" not in officers
    assert "举报和线索" not in officers
    enforcers = text_of(at_desk(staff(Role.ENFORCER, unit)), "/desk/")
    assert "举报和线索" in enforcers
    assert "待认领" not in enforcers
    hub = text_of(at_desk(staff(Role.DISPATCHER, a_hub())), "/desk/")
    assert "待分送" in hub
    assert "待补正" in hub


@pytest.mark.parametrize("view", ["mine", "waiting", "closing", "unclaimed"])
def test_each_list_of_an_officer_opens(view: str, unit: Organisation, officer: User) -> None:
    a_dispatched_case(unit=unit)
    text_of(at_desk(officer), f"/desk/lists/{view}/")


def test_a_list_that_is_not_theirs_is_absent(officer: User) -> None:
    text_of(at_desk(officer), "/desk/lists/hub/", 404)
    text_of(at_desk(officer), "/desk/incomplete/", 404)
    text_of(at_desk(officer), "/desk/lists/nonsense/", 404)


def test_a_long_list_is_read_page_by_page(unit: Organisation) -> None:
    hub = a_hub()
    for number in range(27):
        an_incomplete_order(source_system="T", source_no=f"N{number:03d}")
    client = at_desk(staff(Role.INTAKE, hub))
    first = text_of(client, "/desk/incomplete/")
    assert (first.count('class="job"'), "N026" in first, "N001" in first) == (25, True, False)
    following = re.search(r'href="\?after=(\w+)"', first)
    assert following
    second = text_of(client, f"/desk/incomplete/?after={following[1]}")
    assert (second.count('class="job"'), "N001" in second, "回到第一页" in second) == (2, True, True)
    assert "没有缺项的工单" in text_of(client, "/desk/incomplete/?after=nonsense")


@time_machine.travel(MONDAY, tick=False)
def test_the_case_page_shows_two_clocks_sealed_parties_and_the_decision(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    page = text_of(at_desk(officer), case_url(case))
    assert "受理决定" in page
    assert "2026 年 12 月 2 日" in page
    assert "今天受理，则 2027 年 1 月 22 日到期。暂定：放假安排还没有公布。" in page
    assert "林**" in page
    assert "林示例" not in page
    assert "查看身份要说明用途，会留下记录" in page
    assert "作出决定" in page
    assert "（7）法律、法规、规章规定不予受理的其他情形" in page
    assert "没有凭证，请问消费者有没有小票、订单或者付款记录" in page


def test_a_case_of_another_bureau_looks_absent(unit: Organisation) -> None:
    case = a_dispatched_case(unit=unit)
    stranger = at_desk(staff(Role.OFFICER, a_unit()))
    real, wrong = stranger.get(case_url(case)), stranger.get("/desk/cases/aaaaaaaaaaaaaaaaaaaa/")
    assert (real.status_code, wrong.status_code) == (404, 404)


def test_the_identity_is_shown_for_a_purpose_only_and_the_look_is_written_down(
    unit: Organisation, officer: User
) -> None:
    case = a_dispatched_case(unit=unit)
    client = at_desk(officer)
    before = AccessRecord.objects.count()
    refused = client.post(case_url(case, "identity"), {})
    assert refused.status_code == 409
    assert "请先选查看身份的用途。" in refused.content.decode()
    assert "林示例" not in refused.content.decode()
    assert AccessRecord.objects.count() == before

    shown = client.post(case_url(case, "identity"), {"reveal-purpose": "contact"})
    assert "林示例" in shown.content.decode()
    assert shown["Refresh"] == f"300; url={case_url(case)}"
    assert "no-store" in shown["Cache-Control"]
    record = AccessRecord.objects.latest("pk")
    assert (record.actor, record.purpose, record.was_refused) == (officer, "contact", False)
    assert f"，{officer.display_name}" in text_of(client, case_url(case))


def test_accepting_from_the_page(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    answer = at_desk(officer).post(
        case_url(case, "decide"), {"decide-decision": "accept", "decide-version": case.version}
    )
    assert answer.status_code == 302
    assert Case.objects.get().state == "accepted"


def test_a_rejection_without_ground_keeps_the_reason_that_was_typed(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    before = snapshot(case)
    answer = at_desk(officer).post(
        case_url(case, "decide"),
        {"decide-decision": "reject", "decide-reason": "买来转卖的。", "decide-version": case.version},
    )
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "请从法定情形中选一项。" in page
    assert "买来转卖的。" in page
    assert snapshot(case) == before


def test_two_clerks_race_and_the_second_reads_why_with_their_words_kept(unit: Organisation) -> None:
    first, second = staff(Role.OFFICER, unit), staff(Role.OFFICER, unit)
    case = a_dispatched_case(unit=unit)
    seen = case.version
    decisions.claim_case(case_id=case.pk, who=first, version=seen)
    before = snapshot(case)
    told: dict[str, Any] = {
        "decide-decision": "reject",
        "decide-ground": "R16_3",
        "decide-reason": "我写了很久的理由。",
        "decide-version": seen,
    }
    answer = at_desk(second).post(case_url(case, "decide"), told)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "这件事刚刚被别人改过。您填的内容还在，请对照最新情况再提交一次。" in page
    assert "我写了很久的理由。" in page
    assert snapshot(case) == before


def test_a_stale_page_can_be_sent_again_as_it_was_typed(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    told: dict[str, Any] = {"decide-decision": "reject", "decide-ground": "R16_3", "decide-reason": "买来转卖的。"}
    decisions.claim_case(case_id=case.pk, who=officer, version=case.version)
    client = at_desk(officer)
    page = client.post(case_url(case, "decide"), told | {"decide-version": case.version}).content.decode()
    found = re.search(r'name="decide-version" value="(\d+)"', page)
    assert found
    assert client.post(case_url(case, "decide"), told | {"decide-version": found[1]}).status_code == 302
    assert Proposal.objects.get().ground == "R16_3"


def test_a_reviewer_finds_the_proposal_and_decides(unit: Organisation, officer: User) -> None:
    proposal = a_proposed_rejection(unit=unit, officer=officer)
    reviewer = at_desk(staff(Role.REVIEWER, unit))
    assert str(proposal.case) in text_of(reviewer, "/desk/reviews/")
    page = text_of(reviewer, case_url(proposal.case))
    assert "建议不予受理，等审核" in page
    assert "购买者为转卖而买" in page
    url = case_url(proposal.case, f"review/{proposal.public_id}")
    version = Case.objects.get().version
    silent = reviewer.post(url, {"review-version": version})
    assert silent.status_code == 422
    assert "请选批准还是退回。" in silent.content.decode()
    assert reviewer.post(url, {"review-verdict": "approve", "review-version": version}).status_code == 302
    assert Case.objects.get().state == "rejected"
    assert "没有等您审核的建议" in text_of(reviewer, "/desk/reviews/")


def test_the_handler_is_not_offered_their_own_review(unit: Organisation) -> None:
    both = staff(Role.OFFICER, unit, Role.REVIEWER)
    proposal = a_proposed_rejection(unit=unit, officer=both)
    client = at_desk(both)
    assert "提交审核意见" not in text_of(client, case_url(proposal.case))
    before = snapshot(proposal.case)
    answer = client.post(
        case_url(proposal.case, f"review/{proposal.public_id}"),
        {"review-verdict": "approve", "review-version": proposal.case.version},
    )
    assert answer.status_code == 403
    assert "承办人不能审核自己承办的投诉。" in answer.content.decode()
    assert snapshot(proposal.case) == before


def test_the_dispatcher_sees_the_suggestion_with_its_reason_and_confirms(unit: Organisation) -> None:
    from complaints.models import RoutingRule

    RoutingRule.objects.create(
        district="120104", unit=unit, reason="经营地在本区", article="办法13", from_date="2026-04-15"
    )
    case = a_filed_case()
    client = at_desk(staff(Role.DISPATCHER, case.hub))
    page = text_of(client, case_url(case))
    assert "系统建议，由您决定" in page
    assert "经营地在本区（办法13）" in page
    assert f'value="{unit.public_id}" selected' in page
    answer = client.post(
        case_url(case, "dispatch"),
        {"dispatch-unit": unit.public_id, "dispatch-reason": "经营地在本区", "dispatch-version": case.version},
    )
    assert answer.status_code == 302
    assert Case.objects.get().unit == unit


def test_a_dispatch_to_nowhere_is_refused_on_the_page(unit: Organisation) -> None:
    case = a_filed_case()
    before = snapshot(case)
    client = at_desk(staff(Role.DISPATCHER, case.hub))
    for chosen in ("", "nonsense", a_department().public_id):
        told: dict[str, Any] = {
            "dispatch-unit": chosen,
            "dispatch-reason": "示例理由",
            "dispatch-version": case.version,
        }
        answer = client.post(case_url(case, "dispatch"), told)
        assert answer.status_code == 422
    assert snapshot(case) == before


def test_transfer_return_service_and_closing_from_the_page(unit: Organisation, officer: User) -> None:
    commerce = a_department()
    moved = a_filed_case()
    hub = at_desk(staff(Role.DISPATCHER, moved.hub))
    told: dict[str, Any] = {
        "transfer-unit": commerce.public_id,
        "transfer-reason": "预付卡",
        "transfer-version": moved.version,
    }
    assert hub.post(case_url(moved, "transfer"), told).status_code == 302
    assert "已移送其他单位" in text_of(hub, case_url(moved))

    desk = at_desk(officer)
    returned = a_dispatched_case(unit=unit)
    told = {"decide-decision": "return", "decide-reason": "不在本区", "decide-version": returned.version}
    assert desk.post(case_url(returned, "decide"), told).status_code == 302
    assert desk.get(case_url(returned)).status_code == 404

    ended = a_terminated_case(unit=unit, officer=officer)
    until_done("complaints.tell_termination")
    page = text_of(desk, case_url(ended))
    assert "告知终止调解" in page
    version = Case.objects.get(pk=ended.pk).version
    told = {"serve-side": "shop", "serve-method": "letter", "serve-version": version}
    assert desk.post(case_url(ended, "serve"), told).status_code == 302

    settled = a_settled_case(unit=unit, officer=officer)
    told = {"close-version": settled.version}
    silent = desk.post(case_url(settled, "close"), told)
    assert "请先回答有没有发现违法线索。" in silent.content.decode()
    told |= {"close-lead": "found", "close-lead_facts": ""}
    assert "请写清发现了什么。" in desk.post(case_url(settled, "close"), told).content.decode()
    told |= {"close-lead_facts": "标签没有生产日期。"}
    assert desk.post(case_url(settled, "close"), told).status_code == 302
    assert Case.objects.get(pk=settled.pk).state == "closed"
    assert Report.objects.get().kind == "lead"
    story = text_of(desk, case_url(settled)).split('id="tl"')[1].split('id="decide"')[0]
    assert "线索" not in story


def test_a_lead_is_handed_over_while_the_case_is_open(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    desk = at_desk(officer)
    assert desk.post(case_url(case, "lead"), {"lead-lead_facts": ""}).status_code == 409
    assert desk.post(case_url(case, "lead"), {"lead-lead_facts": "标签没有生产日期。"}).status_code == 302
    assert Report.objects.count() == 1


def test_an_order_that_is_longer_than_an_account_may_be_is_read_beside_an_empty_one() -> None:
    desk = at_desk(staff(Role.INTAKE, a_hub()))
    short = text_of(desk, case_url(an_incomplete_order(), "complete"))
    assert short.count("在示例商场买的鞋三天开胶，商场不给退。") == 2
    assert "太长了" not in short
    assert 'name="title" value="买鞋三天开胶"' in short
    assert 'name="title"' not in text_of(desk, "/desk/entry/complaint/")
    long = text_of(desk, case_url(an_incomplete_order("物业收费。" * 401), "complete"))
    assert long.count("物业收费。" * 401) == 1
    assert "来单原文有 2005 个字，太长了，不能整篇填入。" in long


@time_machine.travel(MONDAY, tick=False)
def test_a_party_that_saw_the_name_is_called_what_it_is(unit: Organisation, officer: User) -> None:
    shop = a_shop()
    case = a_dispatched_case(unit=unit, shop=shop)
    access_log.read(a_merchant(shop), case.consumer, purpose="document", fields=["name"])
    assert "上一次：11 月 23 日 10:00，商家，看协议" in text_of(at_desk(officer), case_url(case))


def test_an_order_that_is_handed_over_as_it_came_claims_nothing_about_its_consumer() -> None:
    order = an_incomplete_order()
    hub = at_desk(staff(Role.DISPATCHER, order.hub))
    told = {
        "transfer-unit": a_department().public_id,
        "transfer-reason": "物业",
        "transfer-version": order.version,
    }
    done = hub.post(case_url(order, "transfer"), told, follow=True).content.decode()
    assert "已移送，移送函正在制作。留了联系方式的消费者会收到通知。" in done
    assert "来单怎么说" in done
    assert "不同意公示" not in done


def test_a_clerk_is_told_of_the_shops_that_are_not_listed() -> None:
    clerk = at_desk(staff(Role.INTAKE, a_hub()))
    for number in range(12):
        a_shop(name=f"海河示例百货第{number}店", address=f"示例路 {number} 号")
    jobs.drain()
    page = text_of(clerk, "/desk/entry/?q=示例百货")
    assert (page.count("就是这家"), "另有 2 家没有列出" in page) == (10, True)


def test_a_clerk_enters_a_complaint_after_looking_the_shop_up() -> None:
    clerk = at_desk(staff(Role.INTAKE, a_hub()))
    shop = a_shop(name="海河示例灯具城")
    jobs.drain()
    search.get_index("shops").refresh()
    found = text_of(clerk, "/desk/entry/?q=示例灯具")
    assert f"?shop={shop.public_id}" in found
    url = f"/desk/entry/complaint/?shop={shop.public_id}"
    page = text_of(clerk, url)
    key = re.search(r'name="key" value="(\w+)"', page)
    assert key
    told: dict[str, Any] = {
        "channel": "WINDOW",
        "key": key[1],
        "purchased_on": "2026-11-02",
        "facts": "买的灯用了两天就不亮，店里不给换。",
        "paid_fen": "368",
        "claims": ["replace"],
        "claimed_fen": "",
        "name": "林示例",
        "phone": "139 0000 1234",
        "address": "天津市河西区示例道 1 号 2 门 301",
        "was_read_back": "on",
    }
    for _click in range(2):
        answer = clerk.post(url, told)
        assert answer.status_code == 302
    case = Case.objects.get()
    assert (case.shop, case.channel, case.paid_fen) == (shop, "WINDOW", 36_800)
    assert f"已登记，编号 {case.number}。请把编号告诉消费者。" in text_of(clerk, case_url(case))


def test_an_entry_that_lacks_things_names_all_of_them_at_once_and_keeps_the_rest() -> None:
    clerk = at_desk(staff(Role.INTAKE, a_hub()))
    answer = clerk.post(
        "/desk/entry/complaint/",
        {"channel": "T12315", "key": uuid4().hex, "facts": "买的灯用了两天就不亮。", "paid_fen": "abc"},
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    for sentence in (
        "请写商家的名称",
        "请选商家在哪个区",
        "请用数字填写金额",
        "请至少选一项您要商家做的事",
        "请填您的真实姓名",
    ):
        assert sentence in page
    assert "买的灯用了两天就不亮。" in page
    assert Case.objects.count() == 0


def test_an_order_is_completed_on_its_page() -> None:
    case = an_incomplete_order("在示例商场买的鞋三天开胶，商场不给退。")
    clerk = at_desk(staff(Role.INTAKE, case.hub))
    page = text_of(clerk, case_url(case, "complete"))
    assert page.count("在示例商场买的鞋三天开胶，商场不给退。") == 2
    told: dict[str, Any] = {
        "version": case.version,
        "shop_name": "示例商场",
        "district": "120104",
        "shop_address": "南开区示例路 20 号",
        "purchased_on": "2026-11-02",
        "facts": "在示例商场买的鞋三天开胶，商场不给退。",
        "paid_fen": "299.00",
        "claims": ["return", "refund"],
        "claimed_fen": "299",
        "name": "林示例",
        "phone": "13900001234",
        "address": "天津市河西区示例道 1 号 2 门 301",
    }
    unread = clerk.post(case_url(case, "complete"), told)
    assert unread.status_code == 422
    assert "请把记下的内容读给消费者听" in unread.content.decode()
    assert clerk.post(case_url(case, "complete"), told | {"was_read_back": "on"}).status_code == 302
    assert Case.objects.get().state == "hub_received"


def test_staff_find_cases_by_number_shop_and_matter_only_where_they_may(unit: Organisation, officer: User) -> None:
    shop = a_shop(name="津味示例饭庄")
    case = a_dispatched_case(unit=unit, shop=shop)
    foreign = a_dispatched_case(unit=a_unit(), shop=shop)
    jobs.drain()
    search.get_index("desk").refresh()
    client = at_desk(officer)
    page = text_of(client, "/desk/search/?q=津味示例")
    assert (str(case) in page, str(foreign) in page) == (True, False)
    assert "找到 1 件" in page
    assert str(case) in text_of(client, f"/desk/search/?q={case.number}")
    assert "没有找到" in text_of(client, f"/desk/search/?q={foreign.number}")
    assert "没有找到" in text_of(client, "/desk/search/?q=林示例")
    assert "引号要成对" in text_of(client, '/desk/search/?q="津味', 400)
    at_hub = at_desk(staff(Role.DISPATCHER, case.hub))
    assert "找到 2 件" in text_of(at_hub, "/desk/search/?q=津味示例")


def test_the_cases_found_can_be_read_by_the_amount_that_is_asked_for(unit: Organisation, officer: User) -> None:
    shop = a_shop(name="津味示例饭庄")
    asked = [20_000, 90_000, 500]
    cases = [a_dispatched_case(unit=unit, shop=shop, claims=["refund"], claimed_fen=fen) for fen in asked]
    jobs.drain()
    search.get_index("desk").refresh()
    page = text_of(at_desk(officer), "/desk/search/?q=津味示例&sort=amount")
    assert sorted(cases, key=lambda case: page.index(str(case))) == [cases[1], cases[0], cases[2]]


def test_a_report_is_entered_verified_and_filed_on_its_pages(unit: Organisation) -> None:
    clerk = at_desk(staff(Role.INTAKE, a_hub()))
    key = re.search(r'name="key" value="(\w+)"', text_of(clerk, "/desk/entry/report/"))
    assert key
    told: dict[str, Any] = {
        "key": key[1],
        "target_name": "示例小饭馆",
        "target_address": "南开区示例路 99 号",
        "district": "120104",
        "facts": "后厨使用过期的调料，日期过了三个月。",
    }
    lacking = clerk.post("/desk/entry/report/", told | {"district": ""})
    assert lacking.status_code == 422
    received = clerk.post("/desk/entry/report/", told).content.decode()
    report = Report.objects.get()
    assert report.number in received
    assert clerk.get(f"/desk/reports/{report.public_id}/").status_code == 403

    second = staff(Role.ENFORCER, unit)
    handler, reviewer = at_desk(staff(Role.ENFORCER, unit)), at_desk(staff(Role.ENFORCEMENT_REVIEWER, unit))
    url = f"/desk/reports/{report.public_id}/"
    assert report.number in text_of(handler, "/desk/reports/")
    assert handler.post(url + "take/", {"take-version": 1}).status_code == 302
    told_file: dict[str, Any] = {
        "file-version": 2,
        "file-conditions": ["evidence"],
        "file-reason": "现场看到过期调料。",
    }
    answer = handler.post(url + "file/", told_file)
    assert "立案须同时符合四项条件" in answer.content.decode()
    assert "现场看到过期调料。" in answer.content.decode()
    told_file |= {
        "file-conditions": ["evidence", "punishable", "competent", "in_time"],
        "file-second_officer": second.public_id,
    }
    assert handler.post(url + "file/", told_file).status_code == 302
    assert "建议立案，等审核" in text_of(reviewer, url)
    assert reviewer.post(url + "approve/", {"approve-version": 3}).status_code == 302
    assert Report.objects.get().state == "filed"
    assert "已立案" in text_of(handler, url)


@pytest.mark.parametrize("act", ["decline", "hand-back", "extend"])
def test_the_other_ends_of_a_report_are_proposed_from_its_page(act: str, unit: Organisation) -> None:
    enforcer = staff(Role.ENFORCER, unit)
    report = a_taken_report(unit, enforcer)
    name = act.replace("-", "_")
    told: dict[str, Any] = {
        f"{name}-version": report.version,
        f"{name}-reason": "核查情况说明。",
        f"{name}-ground": "P20_1",
    }
    assert at_desk(enforcer).post(f"/desk/reports/{report.public_id}/{act}/", told).status_code == 302
    report.refresh_from_db()
    assert report.proposed == name
    reviewer = at_desk(staff(Role.ENFORCEMENT_REVIEWER, unit))
    told = {"send_back-version": report.version, "send_back-reason": "请再核一次。"}
    assert reviewer.post(f"/desk/reports/{report.public_id}/send-back/", told).status_code == 302
    assert Report.objects.get().proposed == ""


def test_who_reported_is_shown_on_a_page_of_its_own(unit: Organisation) -> None:
    report = a_report(unit)
    client = at_desk(staff(Role.ENFORCER, unit))
    url = f"/desk/reports/{report.public_id}/reporter/"
    assert "请先选查看身份的用途。" in client.post(url, {}).content.decode()
    assert "何示例" in client.post(url, {"reveal-purpose": "verify"}).content.decode()


def test_staff_without_their_second_factor_are_sent_to_it(officer: User) -> None:
    client = Client()
    client.force_login(officer)
    answer = client.get("/desk/")
    assert answer.status_code == 302
    assert "/desk/cases/" not in answer["Location"]


def test_a_call_is_put_on_file_from_the_page(unit: Organisation, officer: User) -> None:
    case = a_dispatched_case(unit=unit)
    desk = at_desk(officer)
    told = {"material-version": case.version, "material-text": ""}
    assert "请写明内容，或者选一个文件。" in desk.post(case_url(case, "material"), told).content.decode()
    told["material-text"] = "消费者来电：愿意换货。"
    assert desk.post(case_url(case, "material"), told).status_code == 302
    page = text_of(desk, case_url(case))
    assert "消费者来电：愿意换货。" in page
    assert "工作人员登记了材料" in page


@time_machine.travel(MONDAY, tick=False)
def test_the_desk_hears_its_own_turn_in_its_own_voice() -> None:
    order = an_incomplete_order()
    page = text_of(at_desk(staff(Role.DISPATCHER, order.hub)), case_url(order))
    assert "联系消费者补全，或者移送、记下放弃" in page
    assert "11 月 26 日（星期四）前。" in page
    assert "等工作人员联系您" not in page
