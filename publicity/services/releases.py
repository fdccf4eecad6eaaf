"""Monthly releases: frozen from facts alone, signed by a second person, corrected only by a newer edition."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.kernel import calendars, clock, events, page_cache
from portal.kernel.access import Role, Who, require
from portal.kernel.calendars import workdays
from portal.kernel.errors import Refused
from publicity.models import Release
from publicity.services.release_tables import first_of, month_after, tables_of

__all__ = ["broken_releases", "compute", "fingerprint", "first_of", "month_after", "sign"]


def fingerprint(tables: dict[str, Any]) -> str:
    """The SHA-256 of the canonical JSON of a release's tables: what its signer signs and anyone can recompute."""
    canonical = json.dumps(tables, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


@transaction.atomic
def compute(*, month: date, who: Who, note: str = "") -> Release:
    """Freeze the tables of a finished month as a draft; again, while it is a draft, in its place.

    A month already signed gets a new edition with a note. Refused (field month): `month_unfinished`,
    `calendar_unknown` while that year's holidays are, `clocks_moving` while due dates are being brought to a new
    notice, `draft_exists` when somebody else froze it at the same moment; (field note): `note_needed`.
    """
    analyst = require(who, Role.ANALYST)
    month = first_of(month)
    if month_after(month) > clock.today():
        raise Refused("month_unfinished", _("这个月还没有过完，不能定稿。"), field="month")
    _refuse_provisional(month)
    latest = Release.objects.select_for_update(of=("self",)).filter(month=month).order_by("-edition").first()
    is_correction = latest is not None and (latest.state != Release.State.DRAFT or latest.edition > 1)
    if is_correction and not note.strip():
        raise Refused("note_needed", _("更正已发布的统计，请写明原因。"), field="note")
    tables = tables_of(month)
    release = latest if latest and latest.state == Release.State.DRAFT else Release(month=month)
    release.edition = release.edition if release.pk else (latest.edition + 1 if latest else 1)
    release.tables = tables
    release.sha256 = fingerprint(tables)
    release.made_by = analyst
    release.made_at = clock.now()
    release.note = note.strip()[:200]
    _save(release)
    events.record("release.computed", release, actor=analyst, sha256=release.sha256)
    return release


def _refuse_provisional(month: date) -> None:
    if not workdays.load().is_known(month.year):
        raise Refused(
            "calendar_unknown",
            _("{year} 年的放假安排还没有载入，期限都是暂定的，不能定稿。").format(year=month.year),
            field="month",
        )
    if calendars.alarms().stale:
        raise Refused("clocks_moving", _("新的放假安排正在重算期限，过几分钟再定稿。"), field="month")


def _save(release: Release) -> None:
    try:
        with transaction.atomic():
            release.save()
    except IntegrityError:
        raise Refused("draft_exists", _("刚刚有人给这个月定了稿，请刷新页面。"), field="month") from None


@transaction.atomic
def sign(*, release_id: int, who: Who, sha256: str | None = None) -> Release:
    """A second person signs the frozen tables; an earlier edition of the month is marked as superseded.

    *sha256* is the fingerprint the signer had in front of them. Refused: `already_signed`, `stale` when the draft was
    frozen anew meanwhile, `maker_is_approver`, `tables_changed`.
    """
    release = Release.objects.select_for_update(of=("self",)).get(pk=release_id)
    signer = require(who, Role.STATISTICS_APPROVER)
    if release.state != Release.State.DRAFT:
        raise Refused("already_signed", _("这一期已经签发。"))
    if sha256 is not None and sha256 != release.sha256:
        raise Refused("stale", _("这份稿子刚刚重新定过，请看过新的数字再签发。"))
    if signer.pk == release.made_by_id:
        raise Refused("maker_is_approver", _("编制人和签发人不能是同一个人。"))
    if fingerprint(release.tables) != release.sha256:
        raise Refused("tables_changed", _("数据与定稿时的指纹不一致，请重新定稿。"))
    Release.objects.filter(month=release.month, state=Release.State.SIGNED).update(state=Release.State.SUPERSEDED)
    release.state = Release.State.SIGNED
    release.signed_by = signer
    release.signed_at = clock.now()
    release.save()
    events.record("release.signed", release, actor=signer, sha256=release.sha256)
    page_cache.changed()
    return release


def broken_releases() -> Iterator[str]:
    """Every signed release whose tables are no longer what was signed."""
    for release in Release.objects.exclude(state=Release.State.DRAFT).order_by("month", "edition").iterator():
        signed = events.of(release).filter(name="release.signed").last()
        if (
            fingerprint(release.tables) != release.sha256
            or signed is None
            or signed.payload["sha256"] != release.sha256
        ):
            yield f"{release}: differs from what was signed"
