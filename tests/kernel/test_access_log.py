"""What the access log keeps whatever becomes of the attempt, and how long it keeps it."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from allauth.core import context
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory

from complaints.models import Case
from portal.accounts import SecondFactorForm
from portal.kernel import access_log, access_retention, access_rules, clock, events, jobs, sql, timetable
from portal.kernel.access import Role
from portal.kernel.models import AccessRecord, Document
from tests import build, build_desk, build_mediation, build_money
from tests.build_desk import at_desk
from tests.build_publicity import signed_in

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
in_its_own_transactions = pytest.mark.django_db(transaction=True)


def refusals(kind: str) -> list[AccessRecord]:
    return list(AccessRecord.objects.filter(kind=kind, was_refused=True))


@in_its_own_transactions
def test_a_denied_look_at_a_consumer_is_on_record_after_the_request() -> None:
    case = build.a_dispatched_case(unit=build.a_unit())
    stranger = build.staff(Role.OFFICER, build.a_unit())

    answer = at_desk(stranger).post(f"/desk/cases/{case.public_id}/identity/", {"reveal-purpose": "contact"})

    assert answer.status_code == 404
    (row,) = refusals("identity")
    assert (row.actor, row.subject_label, row.subject_pk) == (stranger, "complaints.case", str(case.pk))
    assert "林示例" not in answer.content.decode()


@in_its_own_transactions
def test_a_denied_look_at_a_reporter_is_on_record_after_the_request() -> None:
    report = build_desk.a_report(build.a_unit())
    stranger = build.staff(Role.ENFORCER, build.a_unit(district=build.HEPING))

    answer = at_desk(stranger).post(f"/desk/reports/{report.public_id}/reporter/", {"reveal-purpose": "contact"})

    assert answer.status_code == 404
    (row,) = refusals("reporter")
    assert (row.actor, row.subject_pk) == (stranger, str(report.pk))


@in_its_own_transactions
def test_a_denied_look_at_a_payee_is_on_record_after_the_request() -> None:
    _matter, claim = build_money.a_claim()
    stranger = build.staff(Role.FUND_KEEPER, build.a_unit())

    answer = at_desk(stranger).post(f"/desk/fund/{claim.public_id}/payee/", {"reveal-purpose": "check"})

    assert answer.status_code == 404
    assert [row.actor for row in refusals("identity")] == [stranger]


@in_its_own_transactions
def test_a_wrong_phone_code_is_on_record_after_the_request() -> None:
    client = Client()
    client.post("/login/", {"phone": build.a_phone()})

    answer = client.post("/login/code/", {"phone_code": "000000", "code": "000000"})

    assert answer.status_code in (400, 422)
    assert len(refusals("phone_code.login")) == 1


@in_its_own_transactions
def test_a_wrong_code_for_a_signature_signs_nothing_and_is_on_record() -> None:
    table = build_mediation.a_room()
    agreement = build_mediation.a_drawn_agreement(table)
    consumer = table.consumer

    signed_in(consumer).post(f"/agreement/{agreement.public_id}/sign/", {"code": "000000", "sha256": agreement.sha256})

    assert agreement.signatures.count() == 0
    assert len(refusals("phone_code.sign")) == 1


@in_its_own_transactions
def test_a_wrong_password_of_staff_is_on_record() -> None:
    officer = build.staff(Role.OFFICER)

    Client().post("/desk/login/", {"login": officer.username, "password": "wrong"})
    Client().post("/desk/login/", {"login": "nobody", "password": "wrong"})

    assert [row.actor for row in refusals("staff.password")] == [officer, None]


def test_a_wrong_second_factor_is_on_record() -> None:
    officer = build.staff(Role.OFFICER)

    with context.request_context(RequestFactory().post("/desk/2fa/authenticate/")):
        assert not SecondFactorForm(data={"code": "000000"}, user=officer).is_valid()

    assert [row.actor for row in refusals("staff.second_factor")] == [officer]


@in_its_own_transactions
def test_a_refusal_cannot_be_written_where_it_would_be_rolled_back() -> None:
    with pytest.raises(RuntimeError, match="outside"), transaction.atomic():
        access_log.refused("identity")

    assert AccessRecord.objects.count() == 0


def a_paper(case: Case) -> Document:
    jobs.drain()
    return Document.objects.get(kind="receipt", subject_pk=str(case.pk))


def test_a_paper_that_staff_take_out_is_on_record_and_the_consumers_own_is_not() -> None:
    unit = build.a_unit()
    case = build.a_dispatched_case(unit=unit)
    paper, officer = a_paper(case), build.staff(Role.OFFICER, unit)

    assert signed_in(build_desk.consumer_of(case)).get(f"/papers/{paper.public_id}/").status_code == 200
    assert AccessRecord.objects.filter(kind="export").count() == 0
    assert at_desk(officer).get(f"/papers/{paper.public_id}/").status_code == 200

    row = AccessRecord.objects.get(kind="export")
    assert (row.actor, row.purpose, row.fields) == (officer, "paper", ["receipt"])
    assert (row.subject_label, row.subject_pk) == ("complaints.case", str(case.pk))


def test_a_paper_that_is_refused_is_not_an_export() -> None:
    case = build.a_dispatched_case(unit=build.a_unit())
    stranger = build.staff(Role.OFFICER, build.a_unit())

    assert at_desk(stranger).get(f"/papers/{a_paper(case).public_id}/").status_code == 404
    assert AccessRecord.objects.filter(kind="export").count() == 0


def test_the_page_can_be_narrowed_to_what_was_taken_out() -> None:
    unit = build.a_unit()
    case = build.a_dispatched_case(unit=unit)
    at_desk(build.staff(Role.OFFICER, unit)).get(f"/papers/{a_paper(case).public_id}/")
    access_log.refused("case.track")
    auditor = at_desk(build.staff(Role.AUDITOR))

    page = auditor.get("/desk/reads/?only=exports").content.decode()

    assert "带走副本" in page
    assert "被拒绝</span>" not in page


def a_look(days_ago: int) -> AccessRecord:
    return AccessRecord.objects.create(at=NOON - timedelta(days=days_ago), kind="identity", purpose="contact")


@time_machine.travel(NOON, tick=False)
def test_records_past_their_time_go_and_that_they_went_stays() -> None:
    old, older, kept = a_look(3 * 365 + 30), a_look(3 * 365 + 40), a_look(3 * 365 - 30)

    assert access_retention.forget_old() == 2

    left = list(AccessRecord.objects.order_by("pk"))
    assert left[0] == kept
    note = left[1]
    first, last = clock.day_of(older.at).isoformat(), clock.day_of(old.at).isoformat()
    assert (note.kind, note.fields) == ("retention", [f"{first}/{last}", "2"])
    event = events.of(note).get()
    assert (event.name, event.payload) == ("looks.forgotten", {"rows": 2, "first": first, "last": last})
    assert access_retention.forget_old() == 0
    assert AccessRecord.objects.count() == 2


@time_machine.travel(NOON, tick=False)
def test_what_was_removed_stays_on_record_for_good() -> None:
    a_look(3 * 365 + 30)
    access_retention.forget_old()

    with time_machine.travel(NOON + timedelta(days=10 * 365), tick=False):
        assert access_retention.forget_old() == 0


def test_the_last_day_of_february_is_kept_like_its_neighbours() -> None:
    assert access_retention.first_kept_day(date(2028, 2, 29)) == date(2025, 2, 28)
    assert access_retention.first_kept_day(date(2026, 11, 24)) == date(2023, 11, 24)


def test_retention_is_on_the_timetable_and_never_below_the_law() -> None:
    timetable.entry("forget_looks").run()
    assert settings.ACCESS_LOG_YEARS >= access_rules.SHORTEST_YEARS == 3


def test_the_database_keeps_records_for_three_years() -> None:
    with connection.cursor() as cursor:
        for statement in sql.statements(connection.vendor):
            cursor.execute(statement)
    young = AccessRecord.objects.create(at=datetime.now(UTC) - timedelta(days=3 * 365 - 30), kind="identity")
    old = AccessRecord.objects.create(at=datetime.now(UTC) - timedelta(days=3 * 365 + 30), kind="identity")

    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        AccessRecord.objects.filter(pk=young.pk).update(purpose="")
    with pytest.raises(IntegrityError, match="3 years"), transaction.atomic():
        young.delete()
    assert access_retention.forget_old() == 1

    assert AccessRecord.objects.filter(pk=young.pk).exists()
    assert not AccessRecord.objects.filter(pk=old.pk).exists()
