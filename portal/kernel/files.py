"""Files people send in: accepted by content, kept sealed as they came, shown only as a clean copy."""

import hashlib
import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from portal.kernel import access, access_log, cleaning, clock, crypto, jobs, scanner, storage
from portal.kernel.errors import Refused, not_found
from portal.kernel.models.upload import Upload
from portal.kernel.models.user import User
from portal.kernel.subjects import label_and_pk

LARGEST = 20 * 1024 * 1024
MOST_PER_OWNER = 10
LONGEST_NAME = 100
ASK_AGAIN = timedelta(seconds=60)
TYPES = {
    Upload.Kind.JPEG: ("image/jpeg", ".jpg"),
    Upload.Kind.PNG: ("image/png", ".png"),
    Upload.Kind.WEBP: ("image/webp", ".webp"),
    Upload.Kind.PDF: ("application/pdf", ".pdf"),
}

MayRead = Callable[[Upload, access.Who], bool]
_owners: dict[str, MayRead] = {}


def register_owner(label: str, may_read: MayRead) -> None:
    """Say who may read the files that belong to rows of *label* (`complaints.case`); unnamed labels are for nobody."""
    _owners[label] = may_read


def accept(uploaded: UploadedFile[Any], *, owner: models.Model | None, who: access.Who, field: str = "files") -> Upload:
    """Take one file in for *owner*: sealed as it came, with a clean copy beside it.

    Refused, with a sentence that names the file and the way out: empty, over 20 MB, the eleventh for its owner, of
    another kind, damaged, locked. Without an *owner* it waits for `hand_over`.
    """
    name = _plain_name(uploaded.name or "")
    if (uploaded.size or 0) > LARGEST:
        raise _too_large(name, field)
    content = uploaded.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _too_large(name, field)
    if not content:
        raise Refused("file_empty", _("“%(name)s”是空的，请重新选择。") % {"name": name}, field=field, status=400)
    _refuse_the_eleventh(owner, who, field)
    cleaned = cleaning.clean(content, name, field=field)
    return _keep(content, cleaned, name=name, owner=owner, who=who)


def keep_own(content: bytes, *, name: str, owner: models.Model) -> Upload:
    """Keep a PDF that the house itself made; it needs no cleaning and no scan."""
    upload = _keep(content, cleaning.Clean(Upload.Kind.PDF, content), name=name, owner=owner, who=None)
    upload.state = Upload.State.CLEAN
    upload.scanned_at = upload.received_at
    upload.save(update_fields=["state", "scanned_at"])
    return upload


@transaction.atomic
def _keep(
    content: bytes, cleaned: cleaning.Clean, *, name: str, owner: models.Model | None, who: access.Who | None
) -> Upload:
    label, pk = label_and_pk(owner) if owner is not None else ("", "")
    upload = Upload(
        owner_label=label,
        owner_pk=pk,
        name_sealed=crypto.Plain(name),
        kind=cleaned.kind,
        size=len(content),
        original_sha256=hashlib.sha256(content).hexdigest(),
        clean_size=len(cleaned.content),
        clean_sha256=hashlib.sha256(cleaned.content).hexdigest(),
        received_at=clock.now(),
        uploaded_by=who if isinstance(who, User) else None,
    )
    storage.storage().write(_key(upload, "original"), crypto.seal_bytes(content, _aad(upload, "original")))
    storage.storage().write(_key(upload, "clean"), crypto.seal_bytes(cleaned.content, _aad(upload, "clean")))
    upload.save(force_insert=True)
    if who is not None:
        jobs.owe("files.scan", about=(label, pk), upload_id=str(upload.pk))
    return upload


def _key(upload: Upload, copy: str) -> str:
    return f"{upload.pk.hex}.{copy}"


def _aad(upload: Upload, copy: str) -> str:
    return f"kernel.upload.{copy}:{upload.pk}"


def _plain_name(name: str) -> str:
    base = PureWindowsPath(PurePosixPath(name).name).name
    printable = "".join(character for character in base if character.isprintable()).strip()
    return printable[-LONGEST_NAME:] or str(_("未命名的文件"))


def _too_large(name: str, field: str) -> Refused:
    return Refused(
        "file_too_large",
        _("“%(name)s”超过 20 MB。请拍得小一些，或者分成几个文件再传。") % {"name": name},
        field=field,
        status=400,
    )


def _refuse_the_eleventh(owner: models.Model | None, who: access.Who, field: str) -> None:
    if owner is not None:
        held = of(owner).count()
    elif isinstance(who, User):
        held = Upload.objects.filter(owner_label="", uploaded_by=who, removed_at=None).count()
    else:
        held = 0
    if held >= MOST_PER_OWNER:
        raise Refused("file_too_many", _("最多传 10 个文件。请先移除不需要的，再传新的。"), field=field, status=400)


def of(owner: models.Model) -> QuerySet[Upload]:
    """The files that belong to one row, in the order they came."""
    label, pk = label_and_pk(owner)
    return Upload.objects.filter(owner_label=label, owner_pk=pk, removed_at=None).order_by("received_at", "public_id")


def hand_over(upload: Upload, *, to: models.Model) -> None:
    """Make *to* the owner of a file: evidence goes from the draft to the case that was filed from it."""
    upload.owner_label, upload.owner_pk = label_and_pk(to)
    upload.save(update_fields=["owner_label", "owner_pk"])


def remove(upload: Upload) -> None:
    """Take a file out that nothing rests on yet; its bytes are gone once the transaction is committed."""
    upload.removed_at = clock.now()
    upload.save(update_fields=["removed_at"])
    keys = [_key(upload, copy) for copy in ("original", "clean")]
    transaction.on_commit(lambda: _remove_bytes(keys), robust=True)


def _remove_bytes(keys: list[str]) -> None:
    for key in keys:
        storage.storage().remove(key)


def name_of(upload: Upload) -> str:
    """The name it came with. Names may be personal: show it only to who may read the file."""
    return crypto.unseal(upload, "name_sealed")


def content_of(upload: Upload) -> bytes:
    """The bytes of the clean copy."""
    return crypto.unseal_bytes(storage.storage().read(_key(upload, "clean")), _aad(upload, "clean"))


def original_of(upload: Upload) -> bytes:
    """The bytes as they came, for proof; they are not safe to show."""
    return crypto.unseal_bytes(storage.storage().read(_key(upload, "original")), _aad(upload, "original"))


def readable(public_id: str, *, who: access.Who) -> Upload:
    """A file that *who* may read by the rule of its owner; refused as not found otherwise."""
    upload = Upload.objects.filter(public_id=public_id, removed_at=None).first()
    may_read = _owners.get(upload.owner_label) if upload is not None else None
    if upload is None or may_read is None or not may_read(upload, who):
        raise not_found()
    return upload


def handed_out(public_id: str, *, who: access.Who, is_inline: bool) -> Upload:
    """A file as `readable` gives it; that staff take a copy of it is written to the access log first."""
    upload = readable(public_id, who=who)
    if isinstance(who, User) and who.is_staff and not is_inline:
        access_log.exported(who, (upload.owner_label, upload.owner_pk), what="file", fields=[upload.kind])
    return upload


def serve(upload: Upload, *, is_inline: bool = False) -> FileResponse:
    """Hand out the clean copy, to whom the caller has let in: a download, or in place for a scanned picture.

    Where there is a scanner, a file waits for its verdict: Refused (`file_waiting`).
    """
    if upload.state == Upload.State.REFUSED or upload.removed_at is not None:
        raise not_found()
    if upload.state == Upload.State.UNSCANNED and settings.CLAMD_URL:
        raise Refused("file_waiting", _("这个文件正在查病毒，查完才能打开。请过几分钟再来。"))
    content_type, ending = TYPES[Upload.Kind(upload.kind)]
    name = str(PurePosixPath(name_of(upload)).with_suffix(ending))
    response = FileResponse(
        io.BytesIO(content_of(upload)),
        as_attachment=not (is_inline and upload.is_shown_inline),
        filename=name,
        content_type=content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response


def _ask_scanner(*, upload_id: str) -> scanner.Verdict:
    upload = Upload.objects.get(pk=upload_id)
    if upload.removed_at:
        return scanner.Verdict.UNASKED
    try:
        return scanner.scan(original_of(upload))
    except (scanner.NoAnswer, storage.NoAnswer) as error:
        raise jobs.Later(clock.now() + ASK_AGAIN) from error


@jobs.job("files.scan", act=_ask_scanner)
def scan(*, upload_id: str, outcome: scanner.Verdict) -> None:
    """Write down the scanner's verdict; without a scanner the file stays 未扫描.

    A scanner or store that gives no answer is asked again every minute, for as long as it takes.
    """
    upload = Upload.objects.select_for_update().get(pk=upload_id)
    if outcome is scanner.Verdict.UNASKED:
        return
    is_clean = outcome is scanner.Verdict.CLEAN
    upload.state = Upload.State.CLEAN if is_clean else Upload.State.REFUSED
    upload.scanned_at = clock.now()
    upload.save(update_fields=["state", "scanned_at"])
