"""Who looked at identities is read by the person in charge of personal data, and by nobody else."""

import pytest

from portal.kernel import access_log
from portal.kernel.access import Role
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord
from tests import build
from tests.build_publicity import signed_in

pytestmark = pytest.mark.django_db


def test_the_page_names_reader_purpose_and_fields_and_holds_nothing_that_was_read() -> None:
    case = build.a_filed_case(name="林示例")
    officer, auditor = build.staff(Role.OFFICER), build.staff(Role.AUDITOR)
    access_log.read(officer, case.consumer, purpose="contact", fields=["name", "phone"])
    access_log.refused("identity", who=officer, subject=case, purpose="")

    page = signed_in(auditor).get("/desk/reads/").content.decode()

    assert officer.display_name in page
    assert "联系消费者" in page
    assert "姓名、电话" in page
    assert "被拒绝" in page
    assert "林示例" not in page
    only = signed_in(auditor).get("/desk/reads/?only=refused").content.decode()
    assert "联系消费者" not in only


def test_the_pages_meet_every_record_once() -> None:
    auditor = build.staff(Role.AUDITOR)
    for _number in range(7):
        access_log.refused("case.track")

    first = access_log.page_of(who=auditor, size=4)
    rest = access_log.page_of(who=auditor, size=4, after=first.next_after)

    met = [row.pk for row in (*first.rows, *rest.rows)]
    assert met == list(AccessRecord.objects.order_by("-pk").values_list("pk", flat=True))
    assert rest.next_after == ""


def test_others_do_not_read_it() -> None:
    for role in set(Role) - {Role.AUDITOR}:
        with pytest.raises(Refused) as refused:
            access_log.page_of(who=build.staff(role))
        assert refused.value.code == "forbidden"
