"""The talks over HTTP, without a script."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from complaints.models import Case, Proposal
from mediation.models import Agreement, Consent, Lane, Mediation, Message, Offer, Signature
from mediation.services import appraisals, messages, sessions
from portal.kernel import access, clock, crypto
from portal.kernel.access import Role
from portal.kernel.models import User
from tests import build
from tests.build_mediation import (
    Table,
    a_code,
    a_drawn_agreement,
    a_room,
    a_signed_agreement,
    an_accepted_offer,
    an_invitation,
    an_offer,
    said,
    signed_by,
)

pytestmark = pytest.mark.django_db
NAME = "林示例"


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    if user.is_staff:
        session = client.session
        session[access.SECOND_FACTOR] = clock.now().isoformat()
        session.save()
    return client


def page(user: User, name: str, *args: Any, status: int = 200) -> str:
    response = browser(user).get(reverse(f"mediation:{name}", args=args))
    assert response.status_code == status, response.content.decode()[-800:]
    return response.content.decode()


def send(user: User, name: str, *args: Any, **data: Any) -> Any:
    return browser(user).post(reverse(f"mediation:{name}", args=args), data)


def room(table: Table, who: User) -> str:
    return page(who, "room", table.mediation.public_id)


def test_a_party_answers_the_invitation_and_is_led_on() -> None:
    table = an_invitation()
    first = page(table.consumer, "invite", table.mediation.public_id)
    assert "您同意调解吗？" in first
    assert str(table.case.number) in first

    response = send(table.consumer, "invite", table.mediation.public_id, agrees="yes")
    assert response.status_code == 302
    assert "您已同意调解，等商家答复。" in page(table.consumer, "invite", table.mediation.public_id)

    send(table.merchant, "invite", table.mediation.public_id, agrees="yes")
    assert "双方都同意了，可以开始谈了。" in page(table.merchant, "invite", table.mediation.public_id)
    assert table.now().state == Mediation.State.IN_SESSION


def test_the_invitation_does_not_name_the_consumer_to_the_shop() -> None:
    table = an_invitation()

    assert NAME not in page(table.merchant, "invite", table.mediation.public_id)


def test_a_line_is_posted_and_the_room_shown_again() -> None:
    table = a_room()
    html = room(table, table.consumer)
    key = re.search(r'name="key" value="(\w+)"', html)
    assert key

    response = send(table.consumer, "say", table.lane.public_id, text="我要求全退。", key=key.group(1))
    again = send(table.consumer, "say", table.lane.public_id, text="我要求全退。", key=key.group(1))

    assert (response.status_code, response["Location"]) == (302, f"/room/{table.mediation.public_id}/#latest")
    assert again.status_code == 302
    assert Message.objects.filter(lane=table.lane, note="").count() == 1
    assert "我要求全退。" in room(table, table.merchant)


def test_an_empty_line_keeps_the_room_and_says_why() -> None:
    table = a_room()

    response = send(table.consumer, "say", table.lane.public_id, text=" ", key=uuid4().hex)

    assert response.status_code == 422
    assert "请先写一句话。" in response.content.decode()
    assert table.lane.last_seq == 1


def test_what_is_written_is_escaped() -> None:
    table = a_room()
    said(table, table.merchant, "<script>alert(1)</script>")

    assert "<script>alert(1)" not in room(table, table.consumer)
    assert "&lt;script&gt;alert(1)" in room(table, table.consumer)


def test_one_request_brings_everything_that_is_missing() -> None:
    table = a_room()
    for number in range(1, 6):
        said(table, table.merchant, f"第{number}句")
    an_offer(table, table.merchant)

    response = browser(table.consumer).get(reverse("mediation:catch_up", args=[table.lane.public_id, 3]))

    html = response.content.decode()
    assert re.findall(r"第\d句", html) == ["第3句", "第4句", "第5句"]
    assert "商家提出方案：退\u00a0799.00\u00a0元" in html
    assert (response["X-Last-Seq"], response["X-Offers-Changed"]) == ("7", "1")


def test_nothing_missing_brings_nothing() -> None:
    table = a_room()

    response = browser(table.officer).get(reverse("mediation:catch_up", args=[table.lane.public_id, 1]))

    assert response.content.strip() == b""
    assert (response["X-Last-Seq"], response["X-Offers-Changed"]) == ("1", "0")


def test_a_place_beyond_all_numbers_brings_nothing() -> None:
    table = a_room()

    response = browser(table.consumer).get(reverse("mediation:catch_up", args=[table.lane.public_id, 10**30]))

    assert (response.status_code, response.content.strip(), response["X-Last-Seq"]) == (200, b"", "1")


def test_each_reader_is_spoken_to_as_themselves() -> None:
    table = a_room()
    said(table, table.consumer, "消费者的话")
    said(table, table.officer, "调解员的话")
    an_offer(table, table.consumer)

    assert "您提出方案：退\u00a0799.00\u00a0元" in room(table, table.consumer)
    assert "消费者提出方案：退\u00a0799.00\u00a0元" in room(table, table.merchant)
    assert f"调解员 {table.officer.display_name}" in room(table, table.merchant)
    bench = page(table.officer, "bench", table.mediation.public_id)
    assert "消费者 林**" in bench
    assert NAME not in bench


def test_the_shop_reads_no_name_in_the_room() -> None:
    table = a_room()
    said(table, table.consumer)
    an_accepted_offer(table)

    assert NAME not in room(table, table.merchant)
    assert "林**" not in room(table, table.merchant)


def test_a_caucus_lane_leaves_no_trace_on_any_page() -> None:
    table = a_room()
    caucus = Lane.objects.create(mediation=table.mediation, kind=Lane.Kind.CAUCUS_CONSUMER, last_seq=1)
    Message(lane=caucus, seq=1, side="consumer", by=table.consumer, text=crypto.Plain("最低七百"), at=clock.now()).save(
        force_insert=True
    )

    for who in (table.consumer, table.merchant, table.officer):
        page(who, "catch_up", caucus.public_id, 0, status=404)
        response = browser(who).post(reverse("mediation:say", args=[caucus.public_id]), {"text": "x", "key": "k"})
        assert response.status_code in (403, 404)
    for html in (
        room(table, table.consumer),
        room(table, table.merchant),
        page(table.officer, "bench", table.mediation.public_id),
        page(table.merchant, "catch_up", table.lane.public_id, 0),
    ):
        assert "最低七百" not in html
        assert caucus.public_id not in html
        assert "单独" not in html


def test_strangers_find_nothing_behind_any_address() -> None:
    table = a_room()
    offer = an_offer(table, table.consumer)
    strangers = [build.a_citizen(), build.a_merchant(build.a_shop())]

    for who in strangers:
        for name, key in (
            ("invite", table.mediation.public_id),
            ("room", table.mediation.public_id),
            ("offers", table.mediation.public_id),
            ("offer_make", table.mediation.public_id),
            ("offer", offer.public_id),
            ("offer_counter", offer.public_id),
        ):
            page(who, name, key, status=404)
        page(who, "catch_up", table.lane.public_id, 0, status=404)
    page(build.staff(Role.MEDIATOR), "bench", table.mediation.public_id, status=404)


def test_an_offer_is_made_countered_and_accepted_by_forms() -> None:
    table = a_room()
    days = {
        "pay_by": (clock.today() + timedelta(days=10)).isoformat(),
        "answer_by": (clock.today() + timedelta(days=3)).isoformat(),
    }

    response = send(table.consumer, "offer_make", table.mediation.public_id, amount="799", terms="退货", **days)
    assert response.status_code == 302
    first = Offer.objects.get()
    html = page(table.merchant, "offer", first.public_id)
    assert "消费者提出退\u00a0799.00\u00a0元，您接受吗？" in html

    send(table.merchant, "offer_counter", first.public_id, amount="4００.50元", terms="", **days)
    second = Offer.objects.get(counters=first)
    assert second.amount_fen == 400_50
    assert "等您" in room(table, table.consumer)

    send(table.consumer, "offer_accept", second.public_id)
    assert Offer.objects.get(pk=second.pk).state == Offer.State.ACCEPTED
    assert "等调解员写协议" in room(table, table.merchant)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": ""}, "请填写金额。"),
        ({"amount": "很多"}, "请用数字填写金额"),
        ({"amount": "-5"}, "金额不能小于零。"),
        ({"amount": "0"}, "不付钱的方案，请写清楚要做什么。"),
        ({"amount": "1.234"}, "最多精确到分"),
        ({"amount": "999999999"}, "金额应当在 0 到"),
        ({"pay_by": "2020-01-01"}, "请从列出的里面选一项。"),
        ({"pay_by": "never"}, "请从列出的里面选一项。"),
    ],
)
def test_a_wrong_offer_comes_back_with_its_reason(changes: dict[str, str], sentence: str) -> None:
    table = a_room()
    data = {
        "amount": "799",
        "terms": "",
        "pay_by": (clock.today() + timedelta(days=10)).isoformat(),
        "answer_by": (clock.today() + timedelta(days=3)).isoformat(),
    }

    response = send(table.consumer, "offer_make", table.mediation.public_id, **(data | changes))

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert Offer.objects.count() == 0


def test_the_agreement_is_read_and_signed_by_code() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)
    html = page(table.merchant, "agreement", agreement.public_id)
    assert "协议写好了，轮到您签名。" in html
    assert NAME in html
    assert agreement.sha256[:32] in html
    signed_by(agreement, table.consumer)
    code = a_code(agreement, table.merchant)

    wrong = send(table.merchant, "agreement_sign", agreement.public_id, code="12", sha256=agreement.sha256)
    assert wrong.status_code == 422
    assert Signature.objects.count() == 1

    right = send(table.merchant, "agreement_sign", agreement.public_id, code=code, sha256=agreement.sha256)
    assert right.status_code == 302
    assert Signature.objects.count() == 2
    assert "双方都签了" in page(table.consumer, "agreement", agreement.public_id)
    assert Case.objects.get(pk=table.case.pk).state == Case.State.SETTLED


def test_asking_for_a_code_twice_in_a_minute_says_so_on_the_page() -> None:
    table = a_room()
    agreement = a_drawn_agreement(table)

    first = send(table.consumer, "agreement_code", agreement.public_id)
    second = send(table.consumer, "agreement_code", agreement.public_id)

    assert first.status_code == 302
    assert first["Location"].endswith("?code=sent#sign")
    assert second.status_code == 429
    assert "验证码刚刚发过" in second.content.decode()


def test_the_consumer_confirms_performance_and_the_shop_cannot() -> None:
    table = a_room()
    agreement = a_signed_agreement(table)

    assert send(table.merchant, "agreement_performed", agreement.public_id).status_code == 403
    assert Agreement.objects.get().performed_on is None
    assert send(table.consumer, "agreement_performed", agreement.public_id).status_code == 302
    assert Agreement.objects.get().performed_on == clock.today()


def test_the_bench_records_a_telephone_consent() -> None:
    table = an_invitation()
    html = page(table.officer, "bench", table.mediation.public_id)
    assert "还没有答复" in html

    response = send(
        table.officer,
        "bench_consent",
        table.mediation.public_id,
        side="consumer",
        agrees="yes",
        version=table.now().version,
    )

    assert response.status_code == 302
    assert [(row.side, row.way) for row in Consent.objects.all()] == [("consumer", "phone")]


def test_a_stale_bench_keeps_what_was_chosen_and_says_why() -> None:
    table = an_invitation()
    stale = table.now().version
    sessions.consent(mediation_id=table.mediation.pk, agrees=True, who=table.consumer)

    response = send(
        table.officer, "bench_consent", table.mediation.public_id, side="merchant", agrees="yes", version=stale
    )

    assert response.status_code == 422
    assert "这件事刚刚被别人改过" in response.content.decode()
    assert Consent.objects.count() == 1


def test_the_bench_pauses_resumes_writes_and_proposes_the_end() -> None:
    table = a_room()
    send(table.officer, "bench_say", table.mediation.public_id, text="两边好。", key="k1")
    assert "两边好。" in room(table, table.consumer)
    send(
        table.officer,
        "bench_appraisal",
        table.mediation.public_id,
        body="示例质检中心",
        item="成分",
        cost_note="商家付",
        reference="检 12",
        commissioned_on=clock.today().isoformat(),
        version=table.now().version,
    )
    assert table.now().state == Mediation.State.APPRAISAL
    send(
        table.officer,
        "bench_report",
        table.mediation.public_id,
        reference="报 7",
        received_on=clock.today().isoformat(),
        version=table.now().version,
    )
    assert table.now().state == Mediation.State.IN_SESSION
    an_accepted_offer(table)
    assert "生成协议" in page(table.officer, "bench", table.mediation.public_id)
    send(table.officer, "bench_draw", table.mediation.public_id, version=table.now().version)
    assert Agreement.objects.count() == 1
    text = send(table.officer, "bench_agreement_text", table.mediation.public_id)
    assert NAME in text.content.decode()

    response = send(
        table.officer,
        "bench_terminate",
        table.mediation.public_id,
        ground="T3",
        reason="商家反悔，双方明确谈不成。",
        version=Case.objects.get(pk=table.case.pk).version,
    )
    assert response.status_code == 302
    assert Proposal.objects.get().ground == "T3"
    assert "等审核人决定" in page(table.officer, "bench", table.mediation.public_id)


def test_the_end_by_lapse_of_time_is_refused_before_the_time() -> None:
    table = a_room()

    response = send(
        table.officer,
        "bench_terminate",
        table.mediation.public_id,
        ground="T5",
        reason="满六十日。",
        version=Case.objects.get(pk=table.case.pk).version,
    )

    assert response.status_code == 422
    assert "调解期限还没有届满" in response.content.decode()
    assert Proposal.objects.count() == 0


def test_a_colleague_reads_the_bench_and_takes_over() -> None:
    table = a_room()
    colleague = build.staff(Role.MEDIATOR, table.case.unit)
    html = page(colleague, "bench", table.mediation.public_id)
    assert "由我来调解" in html
    assert "发给双方" not in html

    send(colleague, "bench_take", table.mediation.public_id, version=table.now().version)
    assert "发给双方" in page(colleague, "bench", table.mediation.public_id)
    assert "发给双方" not in page(table.officer, "bench", table.mediation.public_id)


def test_the_list_shows_the_talks_of_ones_own_bureau() -> None:
    table, elsewhere = a_room(), a_room()

    html = page(table.officer, "desk_mediations")

    assert table.mediation.public_id in html
    assert elsewhere.mediation.public_id not in html


def test_every_page_of_a_table_opens_in_every_state() -> None:
    invited, talking, appraised = an_invitation(), a_room(), a_room()
    an_offer(talking, talking.merchant)
    said(talking, talking.merchant)
    appraisals.commission(
        mediation_id=appraised.mediation.pk,
        body="示例质检中心",
        item="成分",
        cost_note="商家付",
        reference="检 12",
        commissioned_on=clock.today(),
        who=appraised.officer,
        version=appraised.now().version,
    )
    settled = a_room()
    a_signed_agreement(settled)
    for table in (invited, talking, appraised, settled):
        for who in (table.consumer, table.merchant):
            for name in ("invite", "room", "offers"):
                page(who, name, table.mediation.public_id)
            followed = "complaints:case" if who == table.consumer else "complaints:merchant_case"
            assert browser(who).get(reverse(followed, args=[table.case.public_id])).status_code == 200
        page(table.officer, "bench", table.mediation.public_id)
    for name in ("bench_appraisal", "bench_terminate"):
        page(talking.officer, name, talking.mediation.public_id)
    page(appraised.officer, "bench_report", appraised.mediation.public_id)


def test_the_longest_lane_comes_whole() -> None:
    table = a_room()
    for number in range(30):
        messages.post(lane_id=table.lane.pk, text=f"第{number}句", key="", who=table.merchant)

    assert len(re.findall(r"第\d+句", room(table, table.consumer))) == 30
