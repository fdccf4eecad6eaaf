"""What staff put on file for somebody: a paper brought to the window, what was said on the telephone."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.access import BUREAU_ROLES, HUB_ROLES
from complaints.filing_rules import MOST_FACTS_CHARS
from complaints.models import Case, Evidence, Supplement
from complaints.selectors.cases import cases_open_to
from complaints.services.holding import lock, moved_on, put_back
from portal.kernel import clock, crypto, events, files
from portal.kernel.access import Who, require
from portal.kernel.errors import Refused, check_version, not_found
from portal.kernel.models import User

ENDED = (Case.State.CLOSED, Case.State.WITHDRAWN, Case.State.TRANSFERRED_OUT)


@transaction.atomic
def add_material(*, case_id: int, text: str, upload: "UploadedFile[bytes] | None", who: Who, version: int) -> Case:
    """Put words or one file on a case that has not ended, as told or handed to its hub or bureau.

    Refused: `not_found` and `forbidden` to all but the case's desk, `stale`, `nothing_added` and `too_long` (field
    text), what `files.accept` refuses (field upload), `case_moved_on`; then nothing is kept.
    """
    case = lock(case_id)
    person = _at_its_desk(case, who)
    check_version(case, version)
    if case.state in ENDED:
        raise moved_on()
    words = text.strip()
    if not words and upload is None:
        raise Refused("nothing_added", _("请写明内容，或者选一个文件。"), field="text", status=422)
    if len(words) > MOST_FACTS_CHARS:
        sentence = _("最多写 {most} 个字。").format(most=MOST_FACTS_CHARS)
        raise Refused("too_long", sentence, field="text", status=422)
    now = clock.now()
    if words:
        Supplement(case=case, by=person, text=crypto.Plain(words), at=now).save(force_insert=True)
    if upload is not None:
        kept = files.accept(upload, owner=case, who=person, field="upload")
        Evidence.objects.create(case=case, upload=kept, by=person, at=now)
    put_back(case)
    events.record("case.material_added", case, actor=person, files=int(upload is not None), has_words=bool(words))
    return case


def _at_its_desk(case: Case, who: Who) -> User:
    if not cases_open_to(who).filter(pk=case.pk).exists():
        raise not_found()
    if isinstance(who, User) and case.unit_id in who.unit_ids(*BUREAU_ROLES):
        return who
    return require(who, *HUB_ROLES, unit_id=case.hub_id)
