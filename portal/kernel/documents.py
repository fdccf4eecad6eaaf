"""Papers the house issues: number, verify code and hash at once, the sheet by a job, and a page that vouches for it."""

import hashlib
import io
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.db import connection, models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from portal.kernel import access, access_log, clock, crypto, events, files, jobs, numbers, regions, typesetting
from portal.kernel.errors import not_found
from portal.kernel.models.document import Document
from portal.kernel.models.upload import Upload
from portal.kernel.models.user import Organisation, User
from portal.kernel.subjects import label_and_pk

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 8
HOUSE_LANGUAGE = "zh-hans"

MayRead = Callable[[Document, access.Who], bool]


@dataclass(frozen=True)
class Form:
    """One kind of paper: its form, its title, and whether it takes a number of its unit."""

    template: Path
    title: str | Promise
    is_numbered: bool


_forms: dict[str, Form] = {}
_readers: dict[str, MayRead] = {}


def register(kind: str, *, template: Path, title: str | Promise, numbered: bool = True) -> None:
    """Register a kind of paper; *template* is a typst form that begins with `#import "base.typ": *`."""
    _forms[kind] = Form(Path(template), title, numbered)


def register_subject(label: str, may_read: MayRead) -> None:
    """Say who may open the papers about rows of *label* (`complaints.case`); unnamed labels are for nobody."""
    _readers[label] = may_read


def registered() -> dict[str, Form]:
    """Every kind of paper."""
    return dict(_forms)


def issue(
    kind: str, *, subject: models.Model, data: dict[str, Any], unit: Organisation | None, actor: User | None
) -> Document:
    """Issue a paper about *subject* in the current transaction and owe its sheet.

    The number is the next of its prefix and year, without gaps, whichever body of that prefix issues it. *data* is
    kept sealed; its hash is taken over it and a random salt, so that the hash gives nothing away.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a paper is issued in the transaction of what it says")
    form = _forms[kind]
    now = clock.now()
    sealed = json.dumps({"salt": secrets.token_hex(16), "data": data}, ensure_ascii=False, sort_keys=True)
    label, pk = label_and_pk(subject)
    document = Document.objects.create(
        kind=kind,
        subject_label=label,
        subject_pk=pk,
        unit=unit,
        number=_number(unit, clock.day_of(now)) if form.is_numbered and unit is not None else None,
        verify_code="".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH)),
        data_sealed=crypto.Plain(sealed),
        data_sha256=hashlib.sha256(sealed.encode()).hexdigest(),
        seal_mark=Document.Seal.DEMO if settings.DEMO else Document.Seal.NONE,
        issued_at=now,
        issued_by=actor,
    )
    events.record("document.issued", document, actor=actor, kind=kind, data=document.data_sha256)
    jobs.owe("documents.make", about=subject, document_id=str(document.pk))
    return document


def _number(unit: Organisation, day: date) -> str:
    if not unit.document_prefix:
        raise ValueError(f"{unit.code} has no document prefix")
    number = numbers.next_number(f"paper:{unit.document_prefix}:{day.year}")
    return regions.city().numbers.document.format(prefix=unit.document_prefix, day=day, number=number)


def title_of(document: Document) -> str:
    """What kind of paper it is, in words."""
    form = _forms.get(document.kind)
    return str(form.title) if form else gettext("文书")


def shown_code(document: Document) -> str:
    """The verify code as people read it."""
    half = CODE_LENGTH // 2
    return f"{document.verify_code[:half]}-{document.verify_code[half:]}"


def verify_url(document: Document) -> str:
    """The whole address that the QR on the paper holds."""
    return f"{settings.ORIGIN}{reverse('kernel:verify_code', args=[document.verify_code])}"


def qr_svg(url: str, *, label: str = "") -> SafeString:
    """A QR as inline SVG that scales with its class and needs no style."""
    picture = segno.make(url, error="m", micro=False).svg_inline(svgclass="qr", lineclass=None, border=2, omitsize=True)
    name = escape(label or gettext("二维码"))
    return mark_safe(picture.replace("<svg ", f'<svg role="img" aria-label="{name}" shape-rendering="crispEdges" ', 1))


def _qr_file(url: str) -> str:
    out = io.BytesIO()
    segno.make(url, error="m", micro=False).save(out, kind="svg", border=1, xmldecl=False)
    return out.getvalue().decode()


def _day(moment: datetime) -> str:
    day = clock.day_of(moment)
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _house(document: Document) -> dict[str, Any]:
    day = clock.day_of(document.issued_at)
    unit = document.unit
    return {
        "title": title_of(document),
        "number": document.number or "",
        "unit": unit.name if unit else "",
        "unit_phone": unit.phone if unit else "",
        "issued_on": _day(document.issued_at),
        "day": [day.year, day.month, day.day],
        "verify_code": shown_code(document),
        "verify_address": urlsplit(settings.ORIGIN).netloc + reverse("kernel:verify"),
        "qr": _qr_file(verify_url(document)),
        "seal": document.seal_mark,
        "is_demo": document.seal_mark == Document.Seal.DEMO,
    }


def _set(*, document_id: str) -> typesetting.Sheet | None:
    document = Document.objects.select_related("unit").get(pk=document_id)
    if document.state != Document.State.OWED:
        return None
    data = json.loads(crypto.unseal(document, "data_sealed"))["data"]
    with translation.override(HOUSE_LANGUAGE):
        house = _house(document)
    return typesetting.set_sheet(_forms[document.kind].template, data=data, house=house, at=document.issued_at)


@jobs.job("documents.make", jobs.Priority.DOCUMENT, act=_set)
def make(*, document_id: str, outcome: typesetting.Sheet | None) -> None:
    """Keep the sheet that was set, with its hash; a paper revoked in the meantime stays without one."""
    document = Document.objects.select_for_update().get(pk=document_id)
    if outcome is None or document.state != Document.State.OWED:
        return
    with translation.override(HOUSE_LANGUAGE):
        name = f"{title_of(document)}{document.number or ''}.pdf"
    upload = files.keep_own(outcome.pdf, name=name, owner=document)
    document.pdf = upload
    document.pdf_sha256 = upload.clean_sha256
    document.lacks_glyphs = outcome.lacks_glyphs
    document.made_at = clock.now()
    document.state = Document.State.MADE
    document.save()
    events.record("document.made", document, pdf=document.pdf_sha256, archival=not outcome.lacks_glyphs)


def revoke(*, document_id: Any, who: User | None, reason: str) -> Document:
    """Revoke a paper for *reason* (a code); its number stays used and the verify page says so. In a transaction."""
    document = Document.objects.select_for_update().get(pk=document_id)
    if document.state != Document.State.REVOKED:
        document.state = Document.State.REVOKED
        document.revoked_at = clock.now()
        document.save()
        events.record("document.revoked", document, actor=who, reason=reason)
    return document


def of(subject: models.Model) -> QuerySet[Document]:
    """The papers about one row, oldest first."""
    label, pk = label_and_pk(subject)
    return Document.objects.filter(subject_label=label, subject_pk=pk).order_by("issued_at", "public_id")


def readable(public_id: str, *, who: access.Who) -> Document:
    """A paper that *who* may open by the rule of its subject; refused as not found otherwise."""
    document = Document.objects.select_related("pdf", "unit").filter(public_id=public_id).first()
    may_read = _readers.get(document.subject_label) if document is not None else None
    if document is None or may_read is None or not may_read(document, who):
        raise not_found()
    return document


def handed_out(public_id: str, *, who: access.Who) -> Document:
    """A paper as `readable` gives it; that staff take a copy of one that is made is written to the access log first."""
    document = readable(public_id, who=who)
    if isinstance(who, User) and who.is_staff and document.pdf_id is not None:
        subject = (document.subject_label, document.subject_pk)
        access_log.exported(who, subject, what="paper", fields=[document.kind])
    return document


def _may_read_sheet(upload: Upload, who: access.Who) -> bool:
    document = Document.objects.filter(pdf=upload).first()
    may_read = _readers.get(document.subject_label) if document is not None else None
    return document is not None and may_read is not None and may_read(document, who)


files.register_owner("kernel.document", _may_read_sheet)


@dataclass(frozen=True)
class Vouched:
    """What anybody may know of a paper whose code they hold: nothing of what it says, nobody's name."""

    title: str
    number: str
    unit: str
    issued_at: datetime
    revoked_at: datetime | None
    state: str
    state_words: str
    sha256: str
    code: str
    seal: str
    seal_words: str

    @property
    def sha256_in_groups(self) -> list[str]:
        """The hash in groups of eight, so that a narrow page can break between them."""
        return [self.sha256[start : start + 8] for start in range(0, len(self.sha256), 8)]


def vouch(code: str) -> Vouched | None:
    """Look a verify code up, however it is typed; None when no paper has it."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    document = Document.objects.select_related("unit").filter(verify_code=plain).first() if plain else None
    if document is None:
        return None
    return Vouched(
        title=title_of(document),
        number=document.number or "",
        unit=document.unit.name if document.unit else "",
        issued_at=document.issued_at,
        revoked_at=document.revoked_at,
        state=document.state,
        state_words=str(Document.State(document.state).label),
        sha256=document.pdf_sha256,
        code=shown_code(document),
        seal=document.seal_mark,
        seal_words=str(Document.Seal(document.seal_mark).label),
    )
