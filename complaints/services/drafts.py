"""A complaint while it is being written: saved step by step, taken up on another device, filed once."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from complaints.filing_rules import DRAFT_DAYS, RESUME_ALPHABET, RESUME_CHARS
from complaints.models import Case, Draft
from complaints.selectors.drafts import answers_of, draft_by_code, no_such_draft
from complaints.services import intake
from complaints.services.filing import PARTS, wrong
from complaints.services.reading import ASKED, Reading
from portal.kernel import access_log, clock, codes, crypto, files, ids, jobs, people, phones
from portal.kernel.access import Who
from portal.kernel.errors import Refused
from portal.kernel.models import PhoneCode, Upload, User

FILE = "file"
RESUME = "resume"
FORGET = "complaints.forget_draft"
REPLAY_SECONDS = 600
PROOF_SECONDS = 60


@dataclass(frozen=True)
class Saved:
    """A draft as it was just saved, what is wrong with the saved step, and whether its shop is one of the register."""

    draft: Draft
    problems: tuple[Refused, ...]
    has_chosen_shop: bool = False


@dataclass(frozen=True)
class Filed:
    """The case a draft became; `person` is its consumer, who may be signed in on the device that has just filed it."""

    case: Case
    person: User | None


@transaction.atomic
def start(*, who: Who, shop: str = "") -> Draft:
    """A new draft with its resume code, kept 30 days; empty but for the public id of a *shop* chosen beforehand.

    Staff are sent to their own entry page instead (`staff_files_at_the_desk`).
    """
    if isinstance(who, User) and who.is_staff:
        raise Refused("staff_files_at_the_desk", _("您现在用工作账号登录。替消费者登记请用登记页。"), status=403)
    now = clock.now()
    code = "".join(secrets.choice(RESUME_ALPHABET) for _char in range(RESUME_CHARS))
    draft = Draft(
        public_id=ids.new_id(),
        resume_index=crypto.blind_index("resume", code),
        resume_code=crypto.Plain(code),
        answers=crypto.Plain(json.dumps({"shop": {"shop": shop}} if shop else {})),
        started_at=now,
        saved_at=now,
        expires_on=now.date() + timedelta(days=DRAFT_DAYS),
    )
    draft.save(force_insert=True)
    end = datetime.combine(draft.expires_on + timedelta(days=1), time.min, clock.SHANGHAI)
    jobs.owe(FORGET, due_at=end, draft_id=str(draft.pk))
    return draft


def save(*, draft_id: UUID, step: str, typed: Mapping[str, Any], who: Who) -> Saved:
    """Keep what was typed in one step, right or wrong, sealed; and say what is wrong with it.

    Refused (`already_filed`) when the draft has become a case meanwhile.
    """
    with transaction.atomic():
        draft, reading = _keep(draft_id, step, typed, who)
    problems = tuple(reading.problems(step)) if step in PARTS else ()
    return Saved(draft, problems, has_chosen_shop=reading.shop is not None)


def save_person(*, draft_id: UUID, typed: Mapping[str, Any], who: Who) -> Saved:
    """Keep who complains and, when that is complete, send the code that files the draft to the phone.

    A code that went out within the last minute still opens; somebody signed in with that phone needs none.
    """
    saved = save(draft_id=draft_id, step="you", typed=typed, who=who)
    if saved.problems or is_proved(who, saved.draft):
        return saved
    try:
        send_filing_code(draft_id=draft_id)
    except Refused as refused:
        if refused.code != "code_too_soon":
            return Saved(saved.draft, (refused,))
    return saved


def is_proved(who: Who, draft: Draft) -> bool:
    """Whether *who* is signed in with the very phone of the draft."""
    return isinstance(who, User) and bool(draft.phone_index) and who.phone_index == draft.phone_index


def _keep(draft_id: UUID, step: str, typed: Mapping[str, Any], who: Who) -> tuple[Draft, Reading]:
    draft = _unfiled(draft_id)
    answers = answers_of(draft)
    answers[step] = {field: typed[field] for field in ASKED[step] if field in typed}
    draft.answers = crypto.Plain(json.dumps(answers, ensure_ascii=False))
    if step == "you":
        phone = str(typed.get("phone") or "")
        draft.phone_index = codes.index_of(phone) if phone.strip() else ""
    _touch(draft)
    return draft, Reading(answers, who=who)


def add_file(*, draft_id: UUID, uploaded: UploadedFile[Any], who: Who) -> Upload:
    """Put a file with a draft; refused with a sentence that names the file when it cannot be taken.

    Cleaning a file takes a while, so it happens before any lock is taken.
    """
    draft = Draft.objects.get(pk=draft_id)
    if draft.case_id is not None:
        raise _already_filed()
    upload = files.accept(uploaded, owner=draft, who=who, field="upload_ids")
    with transaction.atomic():
        _touch(_unfiled(draft_id))
    return upload


@transaction.atomic
def remove_file(*, draft_id: UUID, upload_id: str) -> None:
    """Take a file away from a draft; removing it twice changes nothing."""
    draft = _unfiled(draft_id)
    for upload in files.of(draft):
        if upload.public_id == upload_id:
            files.remove(upload)
            _touch(draft)


def send_filing_code(*, draft_id: UUID) -> str:
    """Send the code that files a draft to the phone written in it; answer that phone."""
    draft = Draft.objects.get(pk=draft_id)
    phone = phones.mobile(str(answers_of(draft).get("you", {}).get("phone", "")))
    codes.issue(phone, FILE, subject=draft.public_id, use=_("提交投诉"))
    return phone


def file_draft(*, draft_id: UUID, agreed: Mapping[str, Any], code: str, is_true: bool, who: Who) -> Filed:
    """File a draft: once, whatever is pressed, replayed or sent twice; every call gives the same case.

    *agreed* holds the consents of the last page. The person proves the phone in the draft by its fresh code, unless
    they are signed in with it. Refused with the field to mend: a part that is incomplete (`part` in extra says which),
    `is_true`, `code`. A call within ten minutes of the filing also names the person, so that the device that pressed
    twice is signed in once.
    """
    draft = _with_case(draft_id)
    if draft.case is None:
        try:
            draft = save(draft_id=draft_id, step="check", typed=agreed, who=who).draft
            _file_once(draft_id, _proved(draft, code, is_true, who))
        except Refused:
            if _with_case(draft_id).case is None:
                raise
        draft = _with_case(draft_id)
    case = draft.case
    assert case is not None
    is_fresh = (clock.now() - draft.saved_at).total_seconds() < REPLAY_SECONDS
    return Filed(case, case.consumer.user if is_fresh else None)


def _with_case(draft_id: UUID) -> Draft:
    return Draft.objects.select_related("case__consumer__user").get(pk=draft_id)


def _proved(draft: Draft, code: str, is_true: bool, who: Who) -> User:
    reading = reading_of(draft, who=who)
    gap = reading.first_gap()
    if gap is not None:
        problem = reading.problems(gap)[0]
        raise Refused(problem.code, problem.sentence, field=problem.field, status=422, part=gap)
    if not is_true:
        raise wrong("is_true", _("请确认以上内容真实，再提交。"))
    if isinstance(who, User) and is_proved(who, draft):
        return who
    phone = phones.mobile(reading.filing.phone)
    if not _was_just_proved(draft, phone):
        try:
            codes.verify(phone, FILE, draft.public_id, code)
        except Refused:
            if not _was_just_proved(draft, phone):
                raise
    return people.citizen(phone)


def _was_just_proved(draft: Draft, phone: str) -> bool:
    """Whether this draft's code was entered a moment ago: the second press of one button needs no second code."""
    since = clock.now() - timedelta(seconds=PROOF_SECONDS)
    mine = PhoneCode.objects.filter(phone_index=codes.index_of(phone), purpose=FILE, subject=draft.public_id)
    return mine.filter(used_at__gte=since).exists()


@transaction.atomic
def _file_once(draft_id: UUID, person: User) -> None:
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.case_id is not None:
        return
    for upload in files.of(draft):
        upload.uploaded_by = person
        upload.save(update_fields=["uploaded_by"])
    filing = reading_of(draft, who=person).filing
    draft.case = intake.file(filing=filing, channel=Case.Channel.PORTAL, who=person, key=f"draft.{draft.public_id}")
    draft.answers = crypto.Plain("{}")
    _touch(draft)


def reading_of(draft: Draft, *, who: Who) -> Reading:
    """What the draft amounts to so far."""
    return Reading(answers_of(draft), who=who, upload_ids=tuple(row.public_id for row in files.of(draft)))


def send_resume_code(*, code: str, phone: str) -> None:
    """Send a phone code when resume code and phone belong together; a draft without a phone yet takes any phone.

    Says nothing when they do not belong together, so that neither can be tried out.
    """
    number = phones.mobile(phone)
    try:
        draft = draft_by_code(code)
    except Refused:
        access_log.refused("draft.resume")
        return
    if draft.phone_index in ("", codes.index_of(number)):
        codes.issue(number, RESUME, subject=draft.public_id, use=_("接着写投诉草稿"))


def resume(*, code: str, phone: str, phone_code: str) -> Draft:
    """Open a draft on another device: its resume code, its phone, and the code just sent there."""
    number = phones.mobile(phone)
    draft = draft_by_code(code)
    if draft.phone_index not in ("", codes.index_of(number)):
        access_log.refused("draft.resume")
        raise no_such_draft()
    codes.verify(number, RESUME, draft.public_id, phone_code)
    return draft


@transaction.atomic
def forget(*, draft: Draft) -> None:
    """Delete an unfiled draft with its files."""
    for upload in files.of(draft):
        files.remove(upload)
    draft.delete()


def _unfiled(draft_id: UUID) -> Draft:
    draft = Draft.objects.select_for_update().get(pk=draft_id)
    if draft.case_id is not None:
        raise _already_filed()
    return draft


def _already_filed() -> Refused:
    return Refused("already_filed", _("这份草稿已经提交，不能再改。要补充的请到进度页上补。"))


def _touch(draft: Draft) -> None:
    draft.saved_at = clock.now()
    draft.expires_on = clock.today() + timedelta(days=DRAFT_DAYS)
    draft.version += 1
    draft.save()
