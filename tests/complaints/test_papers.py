"""Every paper of the desk can be set, with every character."""

import pytest

from complaints.services import triage
from portal.kernel import files, jobs
from portal.kernel.access import Role
from portal.kernel.models import Document
from tests.build import a_filed_case, a_unit, staff
from tests.build_desk import a_department, a_rejected_case, a_terminated_case, an_incomplete_order

pytestmark = pytest.mark.django_db


def test_all_six_papers_are_set() -> None:
    unit = a_unit()
    officer = staff(Role.OFFICER, unit)
    rejected = a_rejected_case(unit=unit, officer=officer)
    a_terminated_case(unit=unit, officer=officer)
    for moved in (a_filed_case(), an_incomplete_order()):
        triage.transfer_out(
            case_id=moved.pk,
            to_unit_id=a_department().pk,
            reason="预付卡由商务部门负责",
            who=staff(Role.DISPATCHER, moved.hub),
            version=1,
        )

    jobs.drain()

    papers = Document.objects.select_related("pdf")
    assert {paper.state for paper in papers} == {"made"}
    assert {paper.kind for paper in papers} == {"receipt", "form03", "form05", "form06", "form08", "transfer"}
    assert {paper.lacks_glyphs for paper in papers} == {False}
    for paper in papers:
        assert paper.pdf is not None
        assert files.content_of(paper.pdf).startswith(b"%PDF-")
    assert papers.get(kind="form06").subject_pk == str(rejected.pk)
