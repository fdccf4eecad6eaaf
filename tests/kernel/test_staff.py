"""Accounts of staff are made and shut by an administrator alone."""

from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator

from portal.kernel import events, staff
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import Membership, Organisation, User

pytestmark = pytest.mark.django_db


def a_unit() -> Organisation:
    return Organisation.objects.create(code=uuid4().hex[:12], name="示例局", short_name="示例局", kind="bureau")


def someone(role: Role, unit: Organisation | None = None) -> User:
    user = User.objects.create(kind=User.Kind.STAFF, username=uuid4().hex, display_name="示例")
    Membership.objects.create(user=user, organisation=unit or a_unit(), role=role)
    return user


def test_a_new_account_has_one_role_and_a_password_that_works() -> None:
    admin, unit = someone(Role.ADMIN), a_unit()

    made = staff.add(username="zhou.shi", display_name="周示例", unit_id=unit.pk, role="officer", who=admin)

    user = User.objects.get(username="zhou.shi")
    assert user.check_password(made.password)
    assert user.roles == {Role.OFFICER}
    assert user.unit_ids(Role.OFFICER) == {unit.pk}
    assert [event.name for event in events.of(user)] == ["account.made"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "周"}, "username"),
        ({"username": "Zhou"}, "username"),
        ({"display_name": "  "}, "display_name"),
        ({"role": "emperor"}, "role"),
        ({"unit_id": 0}, "unit"),
    ],
)
def test_what_is_wrong_is_named_and_nobody_is_made(change: dict[str, object], field: str) -> None:
    admin = someone(Role.ADMIN)
    before = User.objects.count()
    told: dict[str, object] = {"username": "zhou", "display_name": "周", "unit_id": a_unit().pk, "role": "officer"}

    with pytest.raises(Refused) as refusal:
        staff.add(**{**told, **change}, who=admin)  # type: ignore[arg-type]

    assert refusal.value.field == field
    assert User.objects.count() == before


def test_nobody_but_an_administrator_makes_accounts() -> None:
    with pytest.raises(Refused) as refusal:
        staff.add(username="zhou", display_name="周", unit_id=a_unit().pk, role="admin", who=someone(Role.REVIEWER))
    assert refusal.value.code == "forbidden"
    assert not User.objects.filter(username="zhou").exists()


def test_nobody_gives_themselves_a_role() -> None:
    admin = someone(Role.ADMIN)
    with pytest.raises(Refused) as refusal:
        staff.grant(user_id=admin.pk, unit_id=a_unit().pk, role="officer", who=admin)
    assert refusal.value.code == "same_person"
    assert admin.memberships.count() == 1


def test_the_last_administrator_stays() -> None:
    admin = someone(Role.ADMIN)
    with pytest.raises(Refused) as refusal:
        staff.set_active(user_id=admin.pk, is_active=False, who=admin)
    assert refusal.value.code == "last_admin"
    with pytest.raises(Refused):
        staff.revoke(membership_id=admin.memberships.get().pk, who=admin)
    admin.refresh_from_db()
    assert admin.is_active

    staff.set_active(user_id=admin.pk, is_active=False, who=someone(Role.ADMIN))
    admin.refresh_from_db()
    assert not admin.is_active


def test_a_reset_takes_password_and_second_factor() -> None:
    admin, lost = someone(Role.ADMIN), someone(Role.OFFICER)
    Authenticator.objects.create(user=lost, type="totp", data={"secret": "x"})

    made = staff.reset(user_id=lost.pk, who=admin)

    lost.refresh_from_db()
    assert lost.check_password(made.password)
    assert not Authenticator.objects.filter(user=lost).exists()


def test_a_shut_account_has_no_roles() -> None:
    admin, officer = someone(Role.ADMIN), someone(Role.OFFICER)
    staff.set_active(user_id=officer.pk, is_active=False, who=admin)
    assert User.objects.get(pk=officer.pk).roles == frozenset()
