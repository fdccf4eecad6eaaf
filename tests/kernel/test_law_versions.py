"""A later version of the law: two people, never backwards, and the cases that began before keep theirs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client

from portal.kernel import access, calendars, clock, events, sql
from portal.kernel.access import Role
from portal.kernel.calendars import words
from portal.kernel.clock import SHANGHAI
from portal.kernel.errors import Refused
from portal.kernel.models import Clock, Event, LawVersion, User
from tests.kernel.clocked import CHAPTER, WD_RULE, body, member

pytestmark = pytest.mark.django_db
TODAY = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
NEW_YEAR = date(2027, 1, 1)
LAW = "《市场监督管理投诉举报处理办法（2027 年修订）》"


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel(TODAY, tick=False):
        yield


def admins() -> tuple[User, User]:
    unit = body("120199")
    return member(unit, Role.ADMIN, name="maker"), member(unit, Role.ADMIN, name="checker")


def propose(who: User, **changes: Any) -> LawVersion:
    given = {
        "code": "T-WD",
        "from_date": NEW_YEAR,
        "length": 10,
        "extension": 5,
        "law": LAW,
        "article": "第二十八条",
        "certainty": "text",
        "source": "总局令第 200 号",
        "who": who,
    }
    return calendars.propose_law_version(**{**given, **changes})


def approved(**changes: Any) -> LawVersion:
    maker, checker = admins()
    version = propose(maker, **changes)
    return calendars.decide_law_version(public_id=version.public_id, verdict="approve", who=checker)


def test_a_version_holds_from_its_day_and_only_after_a_second_person() -> None:
    maker, checker = admins()
    version = propose(maker)
    assert calendars.versions("T-WD") == (WD_RULE,)
    assert calendars.rule_on("T-WD", NEW_YEAR) == WD_RULE

    calendars.decide_law_version(public_id=version.public_id, verdict="approve", who=checker)

    held = calendars.rule_on("T-WD", NEW_YEAR)
    assert (held.length, held.extension, held.article, held.loaded) == (10, 5, f"{LAW}第二十八条", version.public_id)
    assert (held.unit, held.title, held.pauses, held.regime) == ("WD", "核查线索", WD_RULE.pauses, "ORDER121")
    assert calendars.rule_on("T-WD", date(2026, 12, 31)) == WD_RULE
    assert [event.name for event in events.of(version)] == ["law_version.proposed", "law_version.approved"]
    version.refresh_from_db()
    assert (version.state, version.decided_by, version.decided_on) == ("approved", checker, TODAY.date())


def test_a_clock_that_began_before_keeps_its_law() -> None:
    approved(extension=0)
    before, after = body("120101"), body("120102")
    old = calendars.start(before, "T-WD", on=date(2026, 12, 31))
    with time_machine.travel(datetime(2027, 1, 4, 9, tzinfo=SHANGHAI), tick=False):
        new = calendars.start(after, "T-WD")
        assert calendars.longest_extension(old) == 15
        assert calendars.longest_extension(new) == 0
        asks, grants = member(before, name="asks"), member(before, name="grants")
        asked: dict[str, Any] = {"requested_by": asks, "approved_by": grants, "reason": "疑难"}
        calendars.extend(before, "T-WD", days=15, **asked)
        with pytest.raises(Refused, match="extension_too_long"):
            calendars.extend(after, "T-WD", days=1, **asked)
    old, new = calendars.clocks_of(before).get(), calendars.clocks_of(after).get()
    assert (old.length, old.extended_by, old.article) == (15, 15, "《市场监督管理投诉举报处理办法》第二十七条")
    assert (new.length, new.extended_by, new.article) == (10, 0, f"{LAW}第二十八条")


def test_two_versions_follow_one_another() -> None:
    maker, checker = admins()
    for day, length in ((date(2028, 1, 1), 20), (NEW_YEAR, 10)):
        version = propose(maker, from_date=day, length=length)
        calendars.decide_law_version(public_id=version.public_id, verdict="approve", who=checker)
    days = (date(2026, 12, 1), NEW_YEAR, date(2027, 12, 31), date(2028, 1, 1))
    assert [calendars.rule_on("T-WD", day).length for day in days] == [15, 10, 10, 20]


def test_a_loaded_version_wins_over_a_shipped_one_of_the_same_day() -> None:
    version = approved()
    shipped_later = replace(WD_RULE, from_date=NEW_YEAR, length=12)
    merged = calendars.rules.merged((WD_RULE, shipped_later), [version])
    assert [(rule.from_date, rule.length) for rule in merged] == [(WD_RULE.from_date, 15), (NEW_YEAR, 10)]


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"code": "T-NONE"}, "unknown_period", "code"),
        ({"code": "D45"}, "unknown_period", "code"),
        ({"from_date": TODAY.date()}, "law_past", "from_date"),
        ({"from_date": date(2026, 4, 15)}, "law_past", "from_date"),
        ({"length": 0}, "law_length", "length"),
        ({"length": 3651}, "law_length", "length"),
        ({"extension": -1}, "law_extension", "extension"),
        ({"code": "T-CD", "extension": 1}, "law_extension", "extension"),
        ({"law": "  "}, "law_basis", "law"),
        ({"source": ""}, "law_basis", "source"),
        ({"certainty": "rumour"}, "law_basis", "certainty"),
        (
            {"length": 15, "extension": 15, "law": "《市场监督管理投诉举报处理办法》", "article": "第二十七条"},
            "law_same",
            "length",
        ),
    ],
)
def test_a_version_that_cannot_be_is_refused(changes: dict[str, Any], code: str, field: str) -> None:
    maker, _checker = admins()
    with pytest.raises(Refused, match=code) as refused:
        propose(maker, **changes)
    assert refused.value.field == field
    assert (LawVersion.objects.count(), Event.objects.count()) == (0, 0)


def test_one_version_a_day() -> None:
    maker, checker = admins()
    first = propose(maker)
    with pytest.raises(Refused, match="law_taken"):
        propose(checker, length=11)
    calendars.decide_law_version(public_id=first.public_id, verdict="approve", who=checker)
    with pytest.raises(Refused, match="law_taken"):
        propose(checker, length=11)
    assert LawVersion.objects.get() == first


def test_a_declined_version_makes_room_and_counts_for_nothing() -> None:
    maker, checker = admins()
    first = propose(maker)
    calendars.decide_law_version(public_id=first.public_id, verdict="decline", who=maker)
    assert calendars.rule_on("T-WD", NEW_YEAR) == WD_RULE
    second = propose(maker, length=11)
    calendars.decide_law_version(public_id=second.public_id, verdict="approve", who=checker)
    assert calendars.rule_on("T-WD", NEW_YEAR).length == 11


def test_nobody_approves_their_own_and_nobody_decides_twice() -> None:
    maker, checker = admins()
    version = propose(maker)
    for who, verdict, code in (
        (maker, "approve", "same_person"),
        (checker, "perhaps", "unknown_verdict"),
        (member(body("120198"), Role.OFFICER), "approve", "forbidden"),
    ):
        with pytest.raises(Refused, match=code):
            calendars.decide_law_version(public_id=version.public_id, verdict=verdict, who=who)
    version.refresh_from_db()
    assert (version.state, events.of(version).count()) == ("proposed", 1)
    with pytest.raises(Refused, match="not_found"):
        calendars.decide_law_version(public_id="none", verdict="approve", who=checker)
    calendars.decide_law_version(public_id=version.public_id, verdict="approve", who=checker)
    with pytest.raises(Refused, match="law_decided"):
        calendars.decide_law_version(public_id=version.public_id, verdict="decline", who=checker)
    assert calendars.rule_on("T-WD", NEW_YEAR).length == 10


def test_an_approval_that_comes_too_late_is_refused() -> None:
    maker, checker = admins()
    version = propose(maker)
    with time_machine.travel(datetime(2027, 1, 1, 0, 1, tzinfo=SHANGHAI), tick=False):
        with pytest.raises(Refused, match="law_past"):
            calendars.decide_law_version(public_id=version.public_id, verdict="approve", who=checker)
        assert calendars.rule_on("T-WD", clock.today()) == WD_RULE


def test_only_an_administrator_proposes_and_reads() -> None:
    officer = member(body("120198"), Role.OFFICER)
    with pytest.raises(Refused, match="forbidden"):
        propose(officer)
    with pytest.raises(Refused, match="forbidden"):
        calendars.law_versions(officer)
    assert LawVersion.objects.count() == 0


def test_the_database_repeats_the_rules() -> None:
    version = approved()
    maker, checker = version.proposed_by, version.decided_by
    assert checker is not None
    broken: tuple[Callable[[], Any], ...] = (
        lambda: LawVersion.objects.update(length=0),
        lambda: LawVersion.objects.update(decided_by=maker),
        lambda: LawVersion.objects.update(from_date=TODAY.date()),
        lambda: LawVersion.objects.update(decided_on=None),
        lambda: LawVersion.objects.update(state="proposed"),
        lambda: LawVersion.objects.create(
            code="T-WD", from_date=NEW_YEAR, length=3, law=LAW, article="", source="x", proposed_by=checker,
            proposed_at=clock.now(),
        ),
        lambda: Clock.objects.bulk_create(
            [
                Clock(
                    subject_label="x", subject_pk="1", code="D39", regime="STANDING", article="x", measure="Y",
                    length=3, started_on=NEW_YEAR, started_at=clock.now(), due_on=NEW_YEAR, calendar_version="x",
                )
            ]
        ),
    )  # fmt: skip
    for act in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


def test_what_was_decided_is_kept_as_it_was_by_the_database() -> None:
    maker, checker = admins()
    waiting, decided = propose(maker), propose(maker, code="T-CD", extension=0)
    with connection.cursor() as cursor:
        for statement in sql.statements_of_law(connection.vendor):
            cursor.execute(statement)
    decided = calendars.decide_law_version(public_id=decided.public_id, verdict="approve", who=checker)
    for act in (
        lambda: LawVersion.objects.filter(pk=decided.pk).update(length=99),
        lambda: LawVersion.objects.filter(pk=decided.pk).delete(),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()
    waiting.source = "另一处"
    waiting.save()
    assert set(LawVersion.objects.values_list("length", "source")) == {(10, "总局令第 200 号"), (10, "另一处")}
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            place = " ON kernel_lawversion" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER kernel_lawversion_no_{verb}{place}")


def test_a_period_without_days_runs_on_no_clock() -> None:
    yearly = replace(WD_RULE, code="T-YEARS", unit=calendars.Unit.YEARS, length=3)
    backwards = replace(WD_RULE, code="T-BEFORE", shape=calendars.Shape.BEFORE)
    calendars.register(CHAPTER, yearly, backwards)
    for code in ("T-YEARS", "T-BEFORE"):
        with pytest.raises(ValueError, match="no clock runs"):
            calendars.start(body(f"for {code}"), code)
    assert Clock.objects.count() == 0


@pytest.mark.parametrize("changes", [{"length": 0}, {"unit": "PROMPT"}, {"approver": ""}, {"regime": "KING"}])
def test_a_rule_that_cannot_be_is_a_bug(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="T-WD"):
        replace(WD_RULE, **changes)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({}, "自发现线索之日起 15 个工作日内，核查。"),
        ({"unit": "CD", "shape": "before", "length": 30}, "在发现线索之前至少 30 日，核查。"),
        ({"unit": "M", "shape": "every", "length": 3}, "自发现线索之日起，每 3 个月核查。"),
        ({"unit": "Y", "shape": "lasting", "length": 1}, "自发现线索之日起 1 年，核查。"),
        ({"unit": "H", "length": 24}, "发现线索后 24 小时内，核查。"),
        ({"unit": "PROMPT", "length": 0}, "发现线索后，及时核查。"),
        ({"unit": "LOCAL", "length": 0}, "发现线索后，按本市规定的时限核查。"),
    ],
)
def test_a_period_is_said_in_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    assert words.sentence_of(replace(WD_RULE, **changes)) == sentence


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (7, "七"), (10, "十"), (15, "十五"), (20, "二十"), (45, "四十五"), (60, "六十"), (90, "九十"),
     (100, "一百"), (105, "一百零五"), (110, "一百一十"), (205, "二百零五"), (365, "三百六十五")],
)  # fmt: skip
def test_papers_write_numbers_in_characters(number: int, written: str) -> None:
    assert calendars.laws.numeral(number) == written
    assert calendars.laws.numeral_value(written) == number


def _signed_in(who: User, client: Client) -> Client:
    client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[access.SECOND_FACTOR] = clock.now().isoformat()
    session.save()
    return client


FORM = {
    "code": "T-WD",
    "length": "10",
    "extension": "5",
    "law": LAW,
    "article": "第二十八条",
    "certainty": "text",
    "source": "总局令第 200 号",
    "from_date_y": "2027",
    "from_date_m": "1",
    "from_date_d": "1",
}


def test_two_administrators_load_a_version_at_the_desk() -> None:
    maker, checker = admins()
    desk = _signed_in(maker, Client())
    assert desk.post("/desk/law/", FORM).status_code == 302
    version = LawVersion.objects.get()
    own = desk.get("/desk/law/").content.decode()
    assert "由另一位管理员批准" in own
    assert "对照过原文，批准" not in own
    assert desk.post(f"/desk/law/{version.public_id}/", {"verdict": "approve"}).status_code == 403

    other = _signed_in(checker, Client())
    assert "对照过原文，批准" in other.get("/desk/law/").content.decode()
    assert other.post(f"/desk/law/{version.public_id}/", {"verdict": "approve"}).status_code == 302
    assert calendars.rule_on("T-WD", NEW_YEAR).length == 10
    assert (
        "2027 年 1 月 1 日以后开始的：自发现线索之日起 10 个工作日内，核查。" in Client().get("/law/").content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"from_date_y": "2026", "from_date_m": "13"}, "请填一个真实的日期"),
        ({"from_date_y": "2026"}, "施行日期最早是明天"),
        ({"length": "七"}, "请填一个整数"),
        ({"law": ""}, "请填写这一项"),
        ({"code": "D45"}, "请从列表里选"),
    ],
)
def test_a_form_that_is_wrong_says_where(changes: dict[str, str], says: str) -> None:
    desk = _signed_in(admins()[0], Client())
    page = desk.post("/desk/law/", {**FORM, **changes})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert LawVersion.objects.count() == 0


def test_everybody_reads_the_periods(client: Client) -> None:
    page = client.get("/law/").content.decode()
    assert "自投诉受理之日起 60 日内，完成调解；谈不成的终止调解。鉴定、检测的时间不计算在内。" in page
    assert "经市场监督管理部门负责人批准，最多再延长 15 个工作日。" in page
    assert (
        "《市场监督管理投诉举报处理办法》第二十三条、第二十二条；《中华人民共和国消费者权益保护法实施条例》第四十六条第三款"
        in page
    )
    assert "本市目标，不是法律规定的期限" in page
    assert 'href="/law/"' in client.get("/").content.decode()
