"""The city pack becomes bodies, once."""

import pytest

from portal.kernel import bodies, regions
from portal.kernel.models import Organisation

pytestmark = pytest.mark.django_db


def test_bodies_are_made_once_and_kept_up_to_date() -> None:
    assert bodies.sync() == len(regions.city().bodies)
    teda = Organisation.objects.get(code="tj-120116-teda")
    assert teda.parent is not None
    assert (teda.parent.code, teda.district, teda.kind) == ("tj-120116", "120116", "bureau")
    assert Organisation.objects.get(kind=Organisation.Kind.HUB).parent == Organisation.objects.get(code="tj-mra")
    Organisation.objects.filter(pk=teda.pk).update(name="旧名", is_active=False)
    assert bodies.sync() == 0
    teda.refresh_from_db()
    assert (teda.name, teda.is_active) == (regions.city().body(teda.code).name, False)
