"""Clocks of the kernel's own, on bodies as their subjects, so that its tests need no room."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.utils.translation import gettext_lazy as _

from portal.kernel import calendars
from portal.kernel.access import Role
from portal.kernel.calendars import workdays
from portal.kernel.models import Membership, Organisation, User

LABEL = "kernel.organisation"

WD_RULE = calendars.Rule(
    code="T-WD",
    unit=calendars.WD,
    length=15,
    basis=calendars.laws.COMPLAINTS.at("第二十七条"),
    title="核查线索",
    starts="发现线索",
    duty="核查",
    regime=calendars.ORDER121,
    from_date=date(2026, 4, 15),
    extension=15,
    approver="负责人",
    pauses=frozenset({calendars.PauseReason.APPRAISAL}),
)
CD_RULE = calendars.Rule(
    code="T-CD",
    unit=calendars.CD,
    length=60,
    basis=calendars.laws.COMPLAINTS.at("第二十三条"),
    title="调解",
    starts="投诉受理",
    duty="完成调解",
    regime=calendars.ORDER121,
    from_date=date(2026, 4, 15),
    pauses=frozenset({calendars.PauseReason.APPRAISAL}),
)
OLD_CD_RULE = calendars.Rule(
    code="T-CD",
    unit=calendars.WD,
    length=45,
    basis=calendars.laws.COMPLAINTS_BEFORE.at("第二十一条"),
    title="调解",
    starts="投诉受理",
    duty="完成调解",
    regime=calendars.ORDER20,
    from_date=date(2020, 1, 1),
)


CHAPTER = calendars.Chapter("tests", _("试验"), 999)
calendars.register(CHAPTER, WD_RULE, CD_RULE, OLD_CD_RULE)


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
