"""Take a report 举报 in: sealed, numbered, and known to nobody but the enforcement people of the place."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import filing_rules, rules
from complaints.models import Case, Report, Reporter, ReportEvidence
from complaints.services import report_numbers
from portal.kernel import calendars, clock, crypto, events, files, ids, phones, regions
from portal.kernel.access import Who
from portal.kernel.errors import Refused
from portal.kernel.models import Organisation, Upload, User
from publicity.models import CaseFact
from publicity.services import facts

RECEIPT_CHARS = 12
RECEIPT_ALPHABET = filing_rules.RESUME_ALPHABET


@dataclass(frozen=True)
class ReportFiling:
    """What somebody reports. Name, telephone and address may all stay empty: anonymous reports are received too."""

    target_name: str
    target_address: str
    district: str
    facts: str
    reported_class: str = ""
    shop_id: int | None = None
    name: str = ""
    phone: str = ""
    address: str = ""
    upload_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Received:
    """What a reporter takes away: the number, and a code that only they have."""

    number: str
    receipt_code: str


@transaction.atomic
def receive_report(*, filing: ReportFiling, who: Who, key: str, channel: str = Case.Channel.PORTAL) -> Received:
    """Take a report in at the bureau of the place (办法29); D07 runs from now and nobody outside the unit learns of it.

    The same *key* answers with the same number and code; with other content it is refused
    (`idempotency_key_reused`, 422). Refused (422) with the field that is missing: target_name, target_address,
    district, facts, phone.
    """
    if not 16 <= len(key) <= 80:
        raise Refused("idempotency_key", _("缺少防重复的标识，请重新打开表单。"), status=400)
    filing = _checked(filing)
    code = _receipt_code(key)
    index = crypto.blind_index("report.receipt", code)
    known = Report.objects.filter(receipt_index=index).first()
    if known is not None:
        return _again(known, filing, code)
    now = clock.now()
    unit = _bureau_of(filing.district)
    fact = facts.open_fact(
        kind=CaseFact.Kind.REPORT,
        shop_id=None,
        bureau_id=unit.pk,
        district=filing.district,
        problem="",
        object_class="",
        sale_mode="",
        channel=Case.Channel(channel),
        regime=rules.regime_on(now.date()),
        received_on=now.date(),
    )
    report = Report(
        public_id=ids.new_id(),
        number=report_numbers.next_number(Report.Kind.REPORT),
        kind=Report.Kind.REPORT,
        unit=unit,
        shop_id=filing.shop_id,
        district=filing.district,
        target_name=crypto.Plain(filing.target_name),
        target_address=crypto.Plain(filing.target_address),
        facts=crypto.Plain(filing.facts),
        reported_class=filing.reported_class,
        received_at=now,
        receipt_index=index,
        fact=fact,
    )
    report.save(force_insert=True)
    _attach(report, filing, who)
    verify = calendars.start(report, rules.VERIFY_REPORT, unit=unit, at=now)
    facts.advance(fact_id=fact.pk, competent_on=now.date(), decision_due_on=verify.due_on)
    events.record("report.received", report, kind=report.kind)
    return Received(report.number, code)


def _checked(filing: ReportFiling) -> ReportFiling:
    if not filing.target_name.strip():
        raise _wrong("target_name", _("请写被举报的商家叫什么。"))
    if len(filing.target_name) > filing_rules.MOST_SHOP_NAME_CHARS:
        raise _wrong("target_name", _("商家的名称太长了。"))
    if len(filing.target_address.strip()) < filing_rules.FEWEST_ADDRESS_CHARS:
        raise _wrong("target_address", _("请写它在哪里，写到门牌号；网店写平台和店名。"))
    if len(filing.target_address) > filing_rules.MOST_ADDRESS_CHARS:
        raise _wrong("target_address", _("地址太长了。"))
    if filing.district not in regions.city().district_codes:
        raise _wrong("district", _("请选事情发生在哪个区。"))
    if len(filing.facts.strip()) < filing_rules.FEWEST_FACTS_CHARS:
        raise _wrong("facts", _("请写清具体的线索和事实依据，至少 10 个字。"))
    if len(filing.facts) > filing_rules.MOST_FACTS_CHARS:
        raise _wrong("facts", _("线索最多写 2000 个字，长的材料可以作为文件上传。"))
    phone = phones.any_number(filing.phone) if filing.phone.strip() else ""
    return replace(
        filing,
        target_name=filing.target_name.strip(),
        target_address=filing.target_address.strip(),
        facts=filing.facts.strip(),
        name=filing.name.strip()[: filing_rules.MOST_NAME_CHARS],
        phone=phone,
        address=filing.address.strip()[: filing_rules.MOST_ADDRESS_CHARS],
    )


def _wrong(field: str, sentence: str) -> Refused:
    return Refused("missing", sentence, field=field, status=422)


def _receipt_code(key: str) -> str:
    digest = int(crypto.blind_index("report.key", key), 16)
    letters = []
    for _place in range(RECEIPT_CHARS):
        digest, letter = divmod(digest, len(RECEIPT_ALPHABET))
        letters.append(RECEIPT_ALPHABET[letter])
    return "".join(letters)


def _again(known: Report, filing: ReportFiling, code: str) -> Received:
    held = tuple(crypto.unseal(known, field) for field in ("target_name", "target_address", "facts"))
    if held != (filing.target_name, filing.target_address, filing.facts):
        raise Refused("idempotency_key_reused", _("这张表已经交过了。要再举报一件事，请重新打开表单。"), status=422)
    return Received(known.number, code)


def _bureau_of(district: str) -> Organisation:
    bureaus = Organisation.objects.filter(kind=Organisation.Kind.BUREAU, district=district, is_active=True)
    found = bureaus.order_by("pk").first()
    if found is None:
        raise _wrong("district", _("这个区还没有接收举报的单位，请拨打 12315。"))
    return found


def _attach(report: Report, filing: ReportFiling, who: Who) -> None:
    if filing.name or filing.phone or filing.address:
        Reporter(
            report=report,
            name=crypto.Plain(filing.name),
            phone=crypto.Plain(filing.phone),
            address=crypto.Plain(filing.address),
            phone_index=crypto.blind_index("phone", filing.phone) if filing.phone else "",
        ).save(force_insert=True)
    for public_id in filing.upload_ids:
        upload = Upload.objects.filter(public_id=public_id, owner_label="", removed_at=None).first()
        if upload is None or upload.uploaded_by_id != (who.pk if isinstance(who, User) else None):
            raise _wrong("upload_ids", _("有一个文件找不到了，请重新上传。"))
        files.hand_over(upload, to=report)
        ReportEvidence.objects.create(report=report, upload=upload, at=clock.now())
