"""A complaint becomes public only after two people who did not handle it have read it."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client

from portal.kernel import events, jobs, search
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Job, Membership, Organisation, User
from publicity.models import CaseFact, Disclosure, LogLeaf, Shop
from publicity.selectors import register
from publicity.selectors.register import Filter
from publicity.services import disclosures, facts, transparency

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 4, tzinfo=UTC)
SUMMARY = "空气净化器拆封后要求退货，调解成功，已退货退款。"


def a_bureau() -> Organisation:
    return Organisation.objects.create(
        code=uuid4().hex[:12], name="示例区市场监督管理局", short_name="示例区局", kind="bureau", district="120104"
    )


def staff(unit: Organisation, *roles: Role) -> User:
    user = User.objects.create(kind=User.Kind.STAFF, username=uuid4().hex, display_name="示例")
    for role in roles:
        Membership.objects.create(user=user, organisation=unit, role=role)
    return user


def a_shop(name: str = "海河示例数码店") -> Shop:
    return Shop.objects.create(
        state=Shop.State.KNOWN, name=name, district="120104", address="示例道 1 号", created_at=NOW
    )


def a_closed_fact(shop: Shop, **changes: object) -> CaseFact:
    fact = facts.open_fact(
        kind=str(changes.pop("kind", "complaint")),
        shop_id=shop.pk,
        bureau_id=None,
        district="120104",
        problem="P02",
        object_class="",
        sale_mode="",
        channel="PORTAL",
        regime="ORDER121",
        received_on=date(2026, 11, 2),
        agrees_to_disclosure=bool(changes.pop("agrees", True)),
    )
    return facts.advance(fact_id=fact.pk, closed_on=date(2026, 11, 23), outcome="settled", **changes)


def proposed(unit: Organisation, handler: User, fact: CaseFact | None = None) -> Disclosure:
    fact = fact or a_closed_fact(a_shop())
    assert fact.shop_id is not None
    found = disclosures.propose(
        fact_id=fact.pk,
        shop_id=fact.shop_id,
        unit_id=unit.pk,
        handler_id=handler.pk,
        proposed_summary="林先生（13800000001）买的空气净化器拆封后退货，已退款。",
        outcome="settled",
        closed_on=date(2026, 11, 23),
    )
    assert found is not None
    return found


def published(unit: Organisation, handler: User, fact: CaseFact | None = None, summary: str = SUMMARY) -> Disclosure:
    row = proposed(unit, handler, fact)
    first, second = staff(unit, Role.DISCLOSER), staff(unit, Role.DISCLOSER)
    row = disclosures.pass_first(disclosure_id=row.pk, who=first, version=row.version, summary=summary)
    return disclosures.publish(disclosure_id=row.pk, who=second, version=row.version)


def refresh() -> None:
    jobs.drain()
    search.get_index(register.INDEX).refresh()


@time_machine.travel(NOW, tick=False)
def test_the_proposal_is_masked_and_due_seven_working_days_after_closing() -> None:
    unit = a_bureau()
    row = proposed(unit, staff(unit, Role.OFFICER))

    assert "13800000001" not in row.proposed_summary
    assert row.due_on == date(2026, 12, 2)
    assert row.state == Disclosure.State.FIRST_REVIEW


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({"agrees": False}, "settled"),
        ({"kind": "report", "agrees": False}, "settled"),
        ({}, "rejected"),
        ({}, "withdrawn"),
        ({}, "transferred"),
    ],
)
def test_what_may_not_be_disclosed_is_not_even_proposed(changes: dict[str, object], outcome: str) -> None:
    unit = a_bureau()
    fact = a_closed_fact(a_shop(), **changes)
    facts.advance(fact_id=fact.pk, outcome=outcome)

    assert (
        disclosures.propose(
            fact_id=fact.pk,
            shop_id=fact.shop_id or 0,
            unit_id=unit.pk,
            handler_id=staff(unit, Role.OFFICER).pk,
            proposed_summary=SUMMARY,
            outcome=outcome,
            closed_on=date(2026, 11, 23),
        )
        is None
    )
    assert Disclosure.objects.count() == 0


@time_machine.travel(NOW, tick=False)
def test_three_people_publish_and_the_public_finds_it() -> None:
    unit = a_bureau()
    row = published(unit, staff(unit, Role.OFFICER))
    refresh()

    page = register.find(who=staff(unit, Role.ANALYST), wanted=Filter(text="净化器 退货"))
    assert [hit.id for hit in page.hits] == [row.public_id]
    assert page.facets["district"] == {"120104": 1}
    assert page.facets["object_class"] == {"": 1}
    assert row.expires_on == date(2027, 11, 24)
    assert [event.name for event in events.of(row)] == [
        "disclosure.proposed",
        "disclosure.reviewed",
        "disclosure.published",
    ]
    leaf = LogLeaf.objects.get()
    assert leaf.leaf_hash == transparency.leaf_hash(leaf.salt, "published", transparency.published_content(row))
    assert list(transparency.broken_log()) == []


@pytest.mark.parametrize("step", ["first", "second"])
def test_the_handler_reviews_nothing_of_their_own(step: str) -> None:
    unit = a_bureau()
    handler = staff(unit, Role.OFFICER, Role.DISCLOSER)
    row = proposed(unit, handler)
    if step == "second":
        row = disclosures.pass_first(
            disclosure_id=row.pk, who=staff(unit, Role.DISCLOSER), version=row.version, summary=SUMMARY
        )
    jobs_before = Job.objects.count()

    with pytest.raises(Refused) as refusal:
        if step == "first":
            disclosures.pass_first(disclosure_id=row.pk, who=handler, version=row.version, summary=SUMMARY)
        else:
            disclosures.publish(disclosure_id=row.pk, who=handler, version=row.version)

    assert refusal.value.code == "same_person"
    row.refresh_from_db()
    assert row.published_at is None
    assert LogLeaf.objects.count() == 0
    assert Job.objects.count() == jobs_before


def test_the_first_reviewer_does_not_publish() -> None:
    unit = a_bureau()
    row = proposed(unit, staff(unit, Role.OFFICER))
    first = staff(unit, Role.DISCLOSER)
    row = disclosures.pass_first(disclosure_id=row.pk, who=first, version=row.version, summary=SUMMARY)

    with pytest.raises(Refused) as refusal:
        disclosures.publish(disclosure_id=row.pk, who=first, version=row.version)

    assert refusal.value.code == "same_person"
    with pytest.raises(IntegrityError), transaction.atomic():
        Disclosure.objects.filter(pk=row.pk).update(second_by=first)


def test_personal_data_does_not_pass_the_first_review() -> None:
    unit = a_bureau()
    row = proposed(unit, staff(unit, Role.OFFICER))

    with pytest.raises(Refused) as refusal:
        disclosures.pass_first(
            disclosure_id=row.pk,
            who=staff(unit, Role.DISCLOSER),
            version=row.version,
            summary="消费者 13800000001 要求退货，商家已经退款。",
        )

    assert (refusal.value.code, refusal.value.field) == ("personal_data", "summary")
    assert "13800000001" in str(refusal.value.sentence)
    row.refresh_from_db()
    assert row.state == Disclosure.State.FIRST_REVIEW


def test_a_stale_page_is_a_conflict() -> None:
    unit = a_bureau()
    row = proposed(unit, staff(unit, Role.OFFICER))
    disclosures.pass_first(disclosure_id=row.pk, who=staff(unit, Role.DISCLOSER), version=1, summary=SUMMARY)

    with pytest.raises(Refused) as refusal:
        disclosures.publish(disclosure_id=row.pk, who=staff(unit, Role.DISCLOSER), version=1)

    assert refusal.value.code == "stale"


@time_machine.travel(NOW, tick=False)
def test_withdrawn_consent_takes_the_record_down_and_says_so_in_the_log() -> None:
    unit = a_bureau()
    row = published(unit, staff(unit, Role.OFFICER))
    refresh()

    disclosures.withdraw_consent(fact_id=row.fact_id)
    refresh()

    row.refresh_from_db()
    assert row.state == Disclosure.State.REMOVED
    assert register.find(who=staff(unit), wanted=Filter()).total == 0
    assert list(LogLeaf.objects.order_by("index").values_list("kind", flat=True)) == ["published", "removed"]
    assert CaseFact.objects.filter(pk=row.fact_id, agrees_to_disclosure=False).exists()


def test_consent_withdrawn_before_publication_stops_it() -> None:
    unit = a_bureau()
    row = proposed(unit, staff(unit, Role.OFFICER))
    disclosures.withdraw_consent(fact_id=row.fact_id)

    row.refresh_from_db()
    assert row.state == Disclosure.State.NOT_DISCLOSED
    assert LogLeaf.objects.count() == 0


def test_a_record_leaves_after_a_year() -> None:
    unit = a_bureau()
    with time_machine.travel(NOW, tick=False):
        row = published(unit, staff(unit, Role.OFFICER))
        assert disclosures.expire_due() == 0
    with time_machine.travel(datetime(2027, 11, 25, 4, tzinfo=UTC), tick=False):
        assert disclosures.expire_due() == 1
    row.refresh_from_db()
    assert row.state == Disclosure.State.EXPIRED


def test_a_changed_public_record_is_found() -> None:
    unit = a_bureau()
    row = published(unit, staff(unit, Role.OFFICER))
    Disclosure.objects.filter(pk=row.pk).update(summary="改过的话，看上去没有人会发现。")

    assert list(transparency.broken_log()) == ["leaf 1: the public record differs from what was published"]


@time_machine.travel(NOW, tick=False)
def test_list_facets_export_and_api_agree(client: Client) -> None:
    unit = a_bureau()
    handler = staff(unit, Role.OFFICER)
    rows = [published(unit, handler, a_closed_fact(a_shop(f"示例店{n}"))) for n in range(3)]
    published(unit, handler, a_closed_fact(a_shop("=公式示例店")), summary="=SUM(A1) 开头的话也只是一句话，不会变成公式。")
    refresh()

    listed = client.get("/register/", {"q": "空气净化器"})
    csv = b"".join(client.get("/register.csv", {"q": "空气净化器"}).streaming_content).decode()  # type: ignore[attr-defined]
    api = client.get("/api/v1/disclosures", {"q": "空气净化器"}).json()

    assert listed.status_code == 200
    assert "找到 3 件" in listed.content.decode()
    assert {item["id"] for item in api["results"]} == {row.public_id for row in rows}
    assert api["total"] == 3
    assert sum(api["facets"]["district"].values()) == 3
    assert len(csv.strip().splitlines()) == 4
    everything = b"".join(client.get("/register.csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert "'=SUM(A1)" in everything
    assert "'=公式示例店" in everything


def test_an_unreadable_query_gets_a_sentence_and_keeps_what_was_typed(client: Client) -> None:
    answer = client.get("/register/", {"q": '"退货'})
    assert answer.status_code == 400
    body = answer.content.decode()
    assert "引号要成对" in body
    assert "&quot;退货" in body
    problem = client.get("/api/v1/disclosures", {"q": '"退货'})
    assert problem.status_code == 400
    assert problem.json()["code"] == "query_unbalanced"
