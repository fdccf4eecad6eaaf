"""The disclosure desk in the browser: who is offered what, and what a wrong press leaves behind."""

import re
from html import unescape

import pytest
from django.test import Client

from portal.kernel import events
from portal.kernel.access import Role
from publicity.disclosure_rules import worth_a_second_look
from publicity.models import Disclosure, LogLeaf
from publicity.services import disclosures, shops
from tests.build import a_citizen, a_unit, staff
from tests.build_publicity import signed_in
from tests.build_register import SUMMARY, a_passed, a_proposal, a_public

pytestmark = pytest.mark.django_db
State = Disclosure.State


def page_of(client: Client, row: Disclosure) -> str:
    answer = client.get(f"/desk/disclosures/{row.public_id}/")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def offered(page: str) -> set[str]:
    return set(re.findall(r'action="/desk/disclosures/[^/]+/(\w+)/"', page))


def test_the_list_says_how_many_wait_and_by_when() -> None:
    unit = a_unit()
    a_proposal(unit=unit)
    a_proposal(unit=unit)
    page = signed_in(staff(Role.REVIEWER, unit)).get("/desk/disclosures/").content.decode()
    assert "有 2 条公示等您审" in page
    assert page.count('class="chip') == 2
    assert "剩 7 个工作日" in page

    done = signed_in(staff(Role.DISCLOSER)).get("/desk/disclosures/").content.decode()
    assert "待审的公示都审完了" in done


def test_the_first_reviewer_reads_mends_and_passes() -> None:
    row = a_proposal()
    client = signed_in(staff(Role.REVIEWER, row.unit))
    page = page_of(client, row)
    assert offered(page) == {"pass", "withhold"}
    assert row.proposed_summary in page
    assert "13800000001" not in page

    wrong = client.post(
        f"/desk/disclosures/{row.public_id}/pass/", {"summary": "消费者 13800000001 要求退货。", "version": row.version}
    )
    assert wrong.status_code == 422
    body = unescape(wrong.content.decode())
    assert "还有个人信息没有去掉：13800000001" in body
    assert "消费者 13800000001 要求退货。</textarea>" in body
    row.refresh_from_db()
    assert (row.state, row.version) == (State.FIRST_REVIEW, 1)

    done = client.post(f"/desk/disclosures/{row.public_id}/pass/", {"summary": SUMMARY, "version": row.version})
    assert (done.status_code, done.headers["Location"]) == (302, "/desk/disclosures/")
    row.refresh_from_db()
    assert (row.state, row.summary) == (State.SECOND_REVIEW, SUMMARY)


def test_what_only_a_person_can_judge_is_pointed_out() -> None:
    row = a_passed(summary="店员王丽说不能退，花了 1,299.00 元从上游示例电器有限公司买的空气净化器。")
    page = page_of(signed_in(staff(Role.DISCLOSER)), row)
    assert "请再看一眼" in page
    assert "<strong>王丽</strong>" in page
    assert "<strong>1,299.00 元</strong>" in page
    assert "上游示例电器有限公司</strong>" in page
    assert worth_a_second_look("向天津五大道示例服饰有限公司退货。", shop="天津五大道示例服饰有限公司") == []


def test_the_second_reviewer_publishes() -> None:
    row = a_passed()
    client = signed_in(staff(Role.DISCLOSER))
    assert offered(page_of(client, row)) == {"publish", "back", "withhold"}

    done = client.post(f"/desk/disclosures/{row.public_id}/publish/", {"version": row.version})
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.state == State.PUBLISHED
    assert offered(page_of(client, row)) == {"remove"}


def test_a_stale_press_shows_what_changed_keeps_the_text_and_can_be_sent_again() -> None:
    row = a_proposal()
    client = signed_in(staff(Role.REVIEWER, row.unit))
    old = row.version
    row = a_passed(row)
    row = disclosures.send_back(disclosure_id=row.pk, who=staff(Role.DISCLOSER), version=row.version, reason="写得太细")

    stale = client.post(f"/desk/disclosures/{row.public_id}/pass/", {"summary": f"{SUMMARY}改过", "version": old})
    body = unescape(stale.content.decode())
    assert stale.status_code == 422
    assert "这件事刚刚被别人改过" in body
    assert "写得太细" in body
    assert f"{SUMMARY}改过</textarea>" in body
    again = re.search(r'name="version" value="(\d+)"', body)
    assert again is not None
    sent = client.post(f"/desk/disclosures/{row.public_id}/pass/", {"summary": f"{SUMMARY}改过", "version": again[1]})
    assert sent.status_code == 302
    row.refresh_from_db()
    assert row.summary == f"{SUMMARY}改过"


@pytest.mark.parametrize("step", ["back", "withhold"])
def test_a_step_without_its_reason_is_not_taken(step: str) -> None:
    row = a_passed()
    client = signed_in(staff(Role.DISCLOSER))
    before = events.of(row).count()
    answer = client.post(f"/desk/disclosures/{row.public_id}/{step}/", {f"{step}-version": row.version})
    assert answer.status_code == 422
    assert "请填写这一项" in answer.content.decode()
    assert events.of(row).count() == before

    done = client.post(
        f"/desk/disclosures/{row.public_id}/{step}/", {f"{step}-version": row.version, f"{step}-reason": "写得太细"}
    )
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.reason == "写得太细"


def test_a_public_record_is_taken_down_from_its_page() -> None:
    row = a_public()
    client = signed_in(staff(Role.DISCLOSER))
    form = {"remove-version": row.version, "remove-reason": "法院判决认定身份有误"}
    assert client.post(f"/desk/disclosures/{row.public_id}/remove/", form).status_code == 302
    row.refresh_from_db()
    assert row.state == State.REMOVED
    assert client.post(f"/desk/disclosures/{row.public_id}/remove/", form).status_code == 422
    assert LogLeaf.objects.count() == 2


def test_nobody_is_offered_a_step_that_is_not_theirs_and_the_page_says_why() -> None:
    unit = a_unit()
    handler = staff(Role.OFFICER, unit, Role.DISCLOSER)
    row = a_proposal(unit=unit, handler=handler)

    own = page_of(signed_in(handler), row)
    assert (offered(own), "由别人审" in own) == (set(), True)
    elsewhere = page_of(signed_in(staff(Role.DISCLOSER)), row)
    assert (offered(elsewhere), "通过以后才轮到复审" in elsewhere) == (set(), True)

    first = staff(Role.DISCLOSER, unit)
    row = a_passed(row, who=first)
    mine = page_of(signed_in(first), row)
    assert (offered(mine), "由另一个人复审" in mine) == (set(), True)
    reviewer = page_of(signed_in(staff(Role.REVIEWER, unit)), row)
    assert (offered(reviewer), "轮到公示审核员复审" in reviewer) == (set(), True)


def test_an_unverified_shop_stops_the_publication_before_the_press() -> None:
    shop = shops.register_provisional(name="张示例", address="示例路 7 号", district="120104")
    row = a_passed(a_proposal(shop=shop))
    client = signed_in(staff(Role.DISCLOSER))
    page = page_of(client, row)
    assert offered(page) == {"back", "withhold"}
    assert "这家店还没有核实" in page

    pressed = client.post(f"/desk/disclosures/{row.public_id}/publish/", {"version": row.version})
    assert pressed.status_code == 422
    row.refresh_from_db()
    assert (row.state, LogLeaf.objects.count()) == (State.SECOND_REVIEW, 0)


def test_the_desk_is_shut_to_others() -> None:
    row = a_proposal()
    assert signed_in(staff(Role.REVIEWER)).get(f"/desk/disclosures/{row.public_id}/").status_code == 404
    assert signed_in(staff(Role.MEDIATOR)).get("/desk/disclosures/").status_code == 403
    assert signed_in(a_citizen()).get("/desk/disclosures/").status_code == 403
    assert Client().get("/desk/disclosures/").status_code == 302
    reviewer = signed_in(staff(Role.REVIEWER, row.unit))
    assert reviewer.post(f"/desk/disclosures/{row.public_id}/publish/", {"version": 1}).status_code == 403
    row.refresh_from_db()
    assert row.state == State.FIRST_REVIEW
