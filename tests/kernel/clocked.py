"""Clocks of the kernel's own, on bodies as their subjects, so that its tests need no room."""

from collections.abc import Iterator
from datetime import date

import pytest

from portal.kernel import calendars
from portal.kernel.access import Role
from portal.kernel.calendars import workdays
from portal.kernel.models import Membership, Organisation, User

LABEL = "kernel.organisation"

calendars.register(
    calendars.Rule(
        code="T-WD",
        unit="WD",
        length=15,
        article="办法27",
        title="核查线索",
        regime=calendars.ORDER121,
        from_date=date(2026, 4, 15),
        extension=15,
        pauses=frozenset({calendars.PauseReason.APPRAISAL}),
    ),
    calendars.Rule(
        code="T-CD",
        unit="CD",
        length=60,
        article="办法23",
        title="调解",
        regime=calendars.ORDER121,
        from_date=date(2026, 4, 15),
        pauses=frozenset({calendars.PauseReason.APPRAISAL}),
    ),
    calendars.Rule(
        code="T-CD",
        unit="WD",
        length=45,
        article="旧办法21",
        title="调解",
        regime=calendars.ORDER20,
        from_date=date(2020, 1, 1),
    ),
)


@pytest.fixture
def fresh_calendar() -> Iterator[None]:
    """No calendar is remembered from, or for, another test."""
    workdays.forget()
    yield
    workdays.forget()


def body(code: str = "120101") -> Organisation:
    return Organisation.objects.create(code=code, name=f"{code} 示例局", short_name=code, kind=Organisation.Kind.BUREAU)


def member(unit: Organisation, *roles: Role, name: str = "zhou") -> User:
    user = User.objects.create_user(username=f"{name}-{unit.code}", kind=User.Kind.STAFF)
    Membership.objects.bulk_create(Membership(user=user, organisation=unit, role=role) for role in roles)
    return user
