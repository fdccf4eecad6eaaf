"""Where the desk leads after an act, and what it never decides for anybody."""

import re

import pytest
from django.test import Client

from complaints.models import Case, RoutingRule
from portal.kernel import clock
from portal.kernel.access import Role
from portal.kernel.models import Organisation
from tests.build import a_dispatched_case, a_filed_case, a_unit, staff
from tests.build_desk import a_department, a_proposed_rejection, a_settled_case, at_desk, consumer_of
from tests.build_publicity import signed_in

pytestmark = pytest.mark.django_db
WHY = "商家实际在别的区经营"


def a_returned_case(unit: Organisation) -> Case:
    case = a_dispatched_case(unit=unit)
    RoutingRule.objects.all().delete()
    RoutingRule.objects.create(
        district=case.district, topic="", unit=unit, reason="经营地在本区", article="办法", from_date=clock.today()
    )
    told = {"decide-decision": "return", "decide-reason": WHY, "decide-version": case.version}
    client = at_desk(staff(Role.OFFICER, unit))
    answer = client.post(f"/desk/cases/{case.public_id}/decide/", told, follow=True)
    assert answer.redirect_chain == [("/desk/", 302)]
    assert "已退回受理中心，由它另行分送。" in answer.content.decode()
    case.refresh_from_db()
    return case


def test_whoever_gives_a_case_back_is_led_to_the_queue_and_the_hub_reads_why() -> None:
    unit = a_unit(name="天津市示例区市场监督管理局")
    case = a_returned_case(unit)

    page = at_desk(staff(Role.DISPATCHER, case.hub)).get(f"/desk/cases/{case.public_id}/").content.decode()

    assert WHY in page
    assert "它刚刚退回，请另选一个局" in page
    assert f'<option value="{unit.public_id}" selected>' not in page
    assert "经营地在本区" not in page


def test_no_decision_is_chosen_beforehand() -> None:
    case = a_dispatched_case()
    assert case.unit is not None
    client = at_desk(staff(Role.OFFICER, case.unit))
    page = client.get(f"/desk/cases/{case.public_id}/").content.decode()
    assert not re.search(r'name="decide-decision"[^>]*checked', page)

    answer = client.post(f"/desk/cases/{case.public_id}/decide/", {"decide-version": case.version})

    assert answer.status_code == 422
    assert "请选一种决定。" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == "dispatched"


def test_a_transfer_has_the_reason_of_its_rule_only_where_the_rule_sends_it_elsewhere() -> None:
    case = a_filed_case()
    RoutingRule.objects.all().delete()
    a_rule = {"topic": "", "reason": "经营地在本区", "article": "办法", "from_date": clock.today()}
    RoutingRule.objects.create(district=case.district, unit=a_unit(), **a_rule)
    a_department()
    page = at_desk(staff(Role.DISPATCHER, case.hub)).get(f"/desk/cases/{case.public_id}/").content.decode()

    transfer = re.search(r'<textarea name="transfer-reason".*?</textarea>', page, re.DOTALL)
    assert transfer is not None
    assert "经营地在本区" not in transfer[0]


def test_the_story_says_that_a_rejection_waits_for_its_reviewer() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    proposal = a_proposed_rejection(unit=unit, officer=officer)

    page = at_desk(officer).get(f"/desk/cases/{proposal.case.public_id}/").content.decode()

    assert "建议不予受理，等审核人决定" in page
    assert "等承办人决定是否受理" not in page


@pytest.mark.parametrize(("role", "is_shown"), [(Role.OFFICER, True), (Role.AUDITOR, False), (Role.ANALYST, False)])
def test_only_those_who_may_search_cases_see_the_search(role: Role, is_shown: bool) -> None:
    page = at_desk(staff(role)).get("/desk/").content.decode()

    assert ('action="/desk/search/"' in page) is is_shown


def test_staff_without_clocks_find_their_lists_on_the_first_page() -> None:
    page = at_desk(staff(Role.AUDITOR)).get("/desk/").content.decode()

    main = page.partition("<main")[2]
    assert "您的工作在这些清单里" in main
    assert 'href="/desk/reads/"' in main
    assert "都办完了" not in main


def test_what_has_its_outcome_offers_no_withdrawal() -> None:
    unit = a_unit()
    case = a_settled_case(unit=unit, officer=staff(Role.OFFICER, unit))

    page = signed_in(consumer_of(case)).get(f"/case/{case.public_id}/withdraw/").content.decode()

    assert "这件投诉已经有了结果，不能再撤回" in page
    assert "<textarea" not in page
    assert "提出撤回" not in page


def test_an_address_that_only_takes_forms_says_so_in_words() -> None:
    answer = Client().get("/language/")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "这个地址只用来提交，不能直接打开" in answer.content.decode()
