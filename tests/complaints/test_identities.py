"""A consumer's identity: shown for a purpose, written down first, and denied with a trace."""

import pytest
from django.contrib.auth.models import AnonymousUser

from complaints.services import identities
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord
from tests.build import (
    a_citizen,
    a_dispatched_case,
    a_filed_case,
    a_merchant,
    a_phone,
    a_shop,
    a_unit,
    an_accepted_case,
    staff,
)
from tests.build_desk import an_incomplete_order, consumer_of

pytestmark = pytest.mark.django_db


def test_those_at_the_cases_desk_see_the_identity_and_leave_a_record() -> None:
    unit, phone = a_unit(), a_phone()
    case = a_dispatched_case(unit=unit, phone=phone, id_number="11010519491231002X")
    for role in (Role.OFFICER, Role.REVIEWER, Role.MEDIATOR):
        person = staff(role, unit)
        shown = identities.reveal(public_id=case.public_id, who=person, purpose="verify")
        assert (shown.name, shown.phone, shown.id_number) == ("林示例", phone, "11010519491231002X")
        assert (shown.id_type, shown.is_verified) == ("resident_id", False)
        record = AccessRecord.objects.latest("pk")
        assert (record.actor, record.purpose, record.subject_label) == (person, "verify", "complaints.party")
        assert record.fields == ["name", "phone", "address", "id_type", "id_number"]
        assert (record.subject_pk, record.was_refused) == (str(case.consumer.pk), False)


def test_the_hub_sees_it_while_it_writes_letters_and_answers_the_telephone() -> None:
    case = a_filed_case()
    clerk = staff(Role.INTAKE, case.hub)
    assert identities.reveal(public_id=case.public_id, who=clerk, purpose="contact").name == "林示例"


def test_everyone_else_is_denied_and_the_attempt_is_written_down() -> None:
    unit, shop = a_unit(), a_shop()
    case = an_accepted_case(unit=unit, shop=shop)
    refused = {
        staff(Role.OFFICER, a_unit()): "not_found",
        staff(Role.ENFORCER, unit): "not_found",
        staff(Role.ADMIN, unit): "not_found",
        staff(Role.AUDITOR, unit): "not_found",
        a_citizen(): "not_found",
        a_merchant(shop): "forbidden",
        consumer_of(case): "forbidden",
    }
    before = AccessRecord.objects.count()
    for who, code in refused.items():
        with pytest.raises(Refused) as refusal:
            identities.reveal(public_id=case.public_id, who=who, purpose="contact")
        assert refusal.value.code == code
    with pytest.raises(Refused):
        identities.reveal(public_id=case.public_id, who=AnonymousUser(), purpose="contact")
    tries = AccessRecord.objects.filter(kind="identity", was_refused=True)
    assert tries.count() == len(refused) + 1
    assert AccessRecord.objects.count() == before + tries.count()


@pytest.mark.parametrize("purpose", ["", "curiosity", "x" * 200])
def test_without_a_listed_purpose_nothing_is_shown_or_recorded(purpose: str) -> None:
    unit = a_unit()
    case = a_dispatched_case(unit=unit)
    before = AccessRecord.objects.count()
    with pytest.raises(Refused) as refusal:
        identities.reveal(public_id=case.public_id, who=staff(Role.OFFICER, unit), purpose=purpose)
    assert (refusal.value.code, refusal.value.field) == ("purpose_missing", "purpose")
    assert AccessRecord.objects.count() == before


def test_lists_show_a_masked_name_and_telephone() -> None:
    case = a_filed_case(phone="13900001234", name="欧阳示例")
    shown = identities.masked(case)
    assert shown is not None
    assert (shown.name, shown.phone) == ("欧**", "139****1234")
    assert identities.masked(an_incomplete_order()) is None
