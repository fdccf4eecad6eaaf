"""A new version of a period arrives: one administrator proposes it, another checks it against the text and approves."""

from datetime import date

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from portal.kernel import access, clock, events, page_cache
from portal.kernel.access import Role, Who
from portal.kernel.calendars import book
from portal.kernel.calendars.rules import NUMBERLESS, Rule, held_on, shipped, versions
from portal.kernel.errors import Refused, not_found
from portal.kernel.models.law import LawVersion

LONGEST = 3650
"""No period of the registry is longer than this in its unit, ten years in days."""


def law_versions(who: Who) -> "models.QuerySet[LawVersion]":
    """Every version that was ever proposed, for an administrator: those that wait first, then the latest decided."""
    access.require(who, Role.ADMIN)
    waits = models.Case(models.When(state=LawVersion.State.PROPOSED, then=0), default=1)
    return LawVersion.objects.select_related("proposed_by", "decided_by").order_by(waits, "-from_date", "-pk")


@transaction.atomic
def propose_law_version(
    *,
    code: str,
    from_date: date,
    length: int,
    extension: int,
    law: str,
    article: str,
    certainty: str,
    source: str,
    who: Who,
) -> LawVersion:
    """Put a later version of the period *code* before a second administrator; nothing counts by it yet.

    `length` and `extension` (0: none) are in the unit of the period, which stays. Refused on their fields:
    `unknown_period` (none of that code, or one without a number), `law_past` (it would begin today or earlier),
    `law_taken` (a version holds or waits from that day already), `law_length`, `law_extension` (also where nobody may
    grant one), `law_basis` (law or source missing), `law_same` (nothing would change).
    """
    admin = access.require(who, Role.ADMIN)
    known = versions(code)
    if not known or known[-1].unit in NUMBERLESS:
        raise Refused("unknown_period", _("请从列表里选一个有天数的期限。"), field="code")
    _must_come_later(from_date)
    waiting = LawVersion.objects.waiting().filter(code=code, from_date=from_date)
    if waiting.exists() or any(rule.from_date == from_date for rule in known):
        raise _taken()
    before = held_on(code, from_date, known)
    _check_numbers(length, extension, before)
    law, article, source = (_words(text) for text in (law, article, source))
    if not law or not source:
        field = "source" if law else "law"
        raise Refused("law_basis", _("请写明法律文件的全称和出处，第二个人要按它核对。"), field=field)
    if certainty not in LawVersion.Certainty.values:
        raise Refused("law_basis", _("请选这个期限的性质。"), field="certainty")
    told = (length, extension, f"{law}{article}", certainty)
    if told == (before.length, before.extension, before.basis.text, before.certainty.value):
        raise Refused("law_same", _("和现在的版本完全一样，没有需要载入的。"), field="length")
    version = LawVersion(
        code=code,
        from_date=from_date,
        length=length,
        extension=extension,
        law=law,
        article=article,
        certainty=certainty,
        source=source,
        proposed_by=admin,
        proposed_at=clock.now(),
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError:
        raise _taken() from None
    events.record("law_version.proposed", version, actor=admin, code=code, since=from_date.isoformat(), length=length)
    return version


@transaction.atomic
def decide_law_version(*, public_id: str, verdict: str, who: Who) -> LawVersion:
    """Another administrator approves (`approve`) the version, or any of them, its author too, declines it (`decline`).

    From then on the row never changes. Refused: `law_decided` (somebody did already), `same_person` to its author,
    `law_past` when its day has come meanwhile, `law_taken` when the portal itself brought a version for that day.
    """
    admin = access.require(who, Role.ADMIN)
    version = LawVersion.objects.select_for_update().filter(public_id=public_id).first()
    if version is None:
        raise not_found()
    if version.state != LawVersion.State.PROPOSED:
        raise Refused("law_decided", _("这个版本已经有人处理过，请刷新页面。"))
    match verdict:
        case "approve":
            _must_be_approvable(version, admin.pk)
            version.state, said = LawVersion.State.APPROVED, "law_version.approved"
        case "decline":
            version.state, said = LawVersion.State.DECLINED, "law_version.declined"
        case _:
            raise Refused("unknown_verdict", _("请选批准还是不采用。"), field="verdict")
    version.decided_by = admin
    version.decided_on = clock.today()
    version.save()
    events.record(said, version, actor=admin, code=version.code)
    book.forget()
    transaction.on_commit(book.forget)
    page_cache.changed()
    return version


def _taken() -> Refused:
    return Refused("law_taken", _("这个期限从这一天起已经有一个版本，或者有一个等待核对。"), field="from_date")


def _must_be_approvable(version: LawVersion, admin_id: int) -> None:
    if admin_id == version.proposed_by_id:
        raise Refused("same_person", _("须由另一位管理员对照原文核对后批准。"), status=403)
    _must_come_later(version.from_date)
    if any(rule.from_date == version.from_date for rule in shipped(version.code)):
        raise Refused("law_taken", _("系统自带的版本已经从这一天起生效，请退回这个版本。"))


def _must_come_later(from_date: date) -> None:
    if from_date <= clock.today():
        raise Refused("law_past", _("施行日期最早是明天：已经开始的期限不因后来载入的版本改变。"), field="from_date")


def _check_numbers(length: int, extension: int, before: Rule) -> None:
    if not 1 <= length <= LONGEST:
        raise Refused("law_length", _("期限长度是 1 到 {most} 的整数。").format(most=LONGEST), field="length")
    if not 0 <= extension <= LONGEST:
        raise Refused(
            "law_extension", _("最多延长的天数是 0 到 {most} 的整数。").format(most=LONGEST), field="extension"
        )
    if extension and not before.approver:
        raise Refused("law_extension", _("这个期限依法没有延长，系统里也没有批准延长的人，请填 0。"), field="extension")


def _words(text: str) -> str:
    return " ".join(text.split())
