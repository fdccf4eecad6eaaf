"""Take a complaint in: the one way in for the wizard, the API and staff who write down what they are told."""

from django.db import transaction
from django.utils.translation import gettext as _

from complaints import filing_texts
from complaints.filing_rules import CONSENT_TEXT_VERSION
from complaints.models import Case, Evidence, FilingKey, Party, Respondent
from complaints.rules import DISPATCH, regime_on
from complaints.services import titles
from complaints.services.filing import Filing, checked, wrong
from portal.kernel import calendars, clock, crypto, events, files, jobs, notices, numbers, people, phones, pii, regions
from portal.kernel.access import Who, require_person
from portal.kernel.errors import Refused
from portal.kernel.models import Organisation, Upload, User
from publicity.models import CaseFact, Shop
from publicity.services import facts, shops

__all__ = ["Filing", "complete", "file", "filing_texts"]


@transaction.atomic
def file(*, filing: Filing, channel: str, who: Who, key: str) -> Case:
    """Receive a complaint at the hub, with its number, and owe the receipt.

    *who* is the person who sends it in: the consumer, an agency's client, or staff who were told. The same *key* of
    the same person always gives the same case; with different content it is refused (`idempotency_key_reused`, 422).
    A filing that lacks something mandatory is refused (422) with its field, and nothing is kept of it. An order of
    another register comes in once per number (`already_received`).
    """
    person = require_person(who)
    if not key or len(key) > 80:
        raise Refused("idempotency_key", _("缺少防重复的标识，或者它超过 80 个字符。"), status=400)
    User.objects.select_for_update(no_key=True).values_list("pk").get(pk=person.pk)
    used = FilingKey.objects.filter(caller=person, key=key).order_by().first()
    fingerprint = filing.fingerprint()
    if used is not None:
        return _again(used, fingerprint)
    filing = checked(filing)
    _refuse_known_order(filing)
    shop = _shop_of(filing)
    now = clock.now()
    case = Case(channel=Case.Channel(channel), hub=hub(), submitted_at=now, hub_received_at=now)
    _write(case, filing, shop)
    case.regime = regime_on(now.date())
    case.fact = _open_fact(case, filing, shop)
    case.number = next_case_number()
    case.save(force_insert=True)
    _attach(case, filing, shop, person)
    FilingKey.objects.create(caller=person, key=key, body_sha256=fingerprint, case=case, at=now)
    _received(case, person, filing, fingerprint, is_new=True)
    return case


@transaction.atomic
def complete(*, case: Case, filing: Filing, who: User) -> Case:
    """Make a locked INCOMPLETE case whole: number, sealed party, fact, receipt; it is then received like any other.

    Refused (422) with the field that is still missing; the case is then as it was. The caller saves nothing itself.
    """
    filing = checked(filing)
    shop = _shop_of(filing)
    now = clock.now()
    _write(case, filing, shop)
    case.complete(number=next_case_number(), at=now)
    case.regime = regime_on(now.date())
    case.fact = _open_fact(case, filing, shop)
    case.version += 1
    case.save()
    Respondent.objects.filter(case=case).delete()
    _attach(case, filing, shop, who)
    _received(case, who, filing, filing.fingerprint(), is_new=False)
    return case


def hub() -> Organisation:
    """The office that receives every complaint of the city first (统一受理机构)."""
    return Organisation.objects.filter(kind=Organisation.Kind.HUB, is_active=True).earliest("pk")


def next_case_number() -> str:
    """The next number of today, as the city writes it, without gaps within a day."""
    today = clock.today()
    return regions.city().numbers.complaint.format(day=today, number=numbers.next_number(f"case.{today:%Y%m%d}"))


def _again(used: FilingKey, fingerprint: str) -> Case:
    if used.body_sha256 != fingerprint:
        raise Refused(
            "idempotency_key_reused",
            _("这个防重复标识已经用于另一件投诉。新的投诉请换一个标识。"),
            status=422,
        )
    return used.case


def _refuse_known_order(filing: Filing) -> None:
    known = Case.objects.filter(source_system=filing.source_system, source_no=filing.source_no)
    if filing.source_no and known.exists():
        raise Refused("already_received", _("这个来源编号的工单已经登记过。"), field="source_no")


def _shop_of(filing: Filing) -> Shop:
    if filing.shop_id is None:
        return shops.register_provisional(
            name=filing.shop_name, address=filing.shop_address, district=filing.district, phone=filing.shop_phone
        )
    shop = Shop.objects.filter(pk=filing.shop_id).first()
    while shop is not None and shop.merged_into is not None:
        shop = shop.merged_into
    if shop is None:
        raise wrong("shop", _("没有找到这家商家，请重新查一次。"), "unknown")
    if not (filing.shop_address or shop.address):
        raise wrong("shop_address", _("我们没有这家商家的地址，请补上。"))
    return shop


def _write(case: Case, filing: Filing, shop: Shop) -> None:
    case.shop = shop
    case.district = filing.district or shop.district
    case.title = pii.mask(filing.title) or titles.title_of(filing)
    case.facts_sealed = crypto.Plain(filing.facts)
    case.topic = filing.topic
    case.problem = filing.problem
    case.object_class = filing.object_class
    case.sale_mode = filing.sale_mode
    case.purchased_on = filing.purchased_on
    case.paid_fen = filing.paid_fen
    case.claims = list(filing.claims)
    case.claimed_fen = filing.claimed_fen
    case.agrees_to_disclosure = filing.agrees_to_disclosure
    case.agrees_to_delegation = filing.agrees_to_delegation
    case.consent_text_version = CONSENT_TEXT_VERSION
    if filing.source_no:
        case.source_system = filing.source_system
        case.source_no = filing.source_no
        case.source_received_on = filing.source_received_on


def _open_fact(case: Case, filing: Filing, shop: Shop) -> CaseFact:
    return facts.open_fact(
        kind=CaseFact.Kind.COMPLAINT,
        shop_id=shop.pk,
        bureau_id=None,
        district=case.district,
        problem=filing.problem,
        object_class=filing.object_class,
        sale_mode=filing.sale_mode,
        channel=case.channel,
        regime=case.regime,
        received_on=clock.today(),
        agrees_to_disclosure=filing.agrees_to_disclosure,
        is_living=True,
    )


def _attach(case: Case, filing: Filing, shop: Shop, person: User) -> None:
    consumer = _consumer(filing, person)
    Party(
        case=case,
        user=consumer,
        name=crypto.Plain(filing.name),
        phone=crypto.Plain(filing.phone),
        address=crypto.Plain(filing.address),
        id_type=filing.id_type,
        id_number=crypto.Plain(filing.id_number) if filing.id_number else None,
        phone_index=crypto.blind_index("phone", filing.phone),
        name_index=crypto.blind_index("name", filing.name),
        id_index=crypto.blind_index("id", filing.id_number) if filing.id_number else "",
    ).save(force_insert=True)
    Respondent(
        case=case,
        name=filing.shop_name or str(shop),
        address=filing.shop_address or shop.address,
        phone=filing.shop_phone or shop.phone,
    ).save(force_insert=True)
    attach_evidence(case=case, upload_ids=filing.upload_ids, by=person)


def attach_evidence(*, case: Case, upload_ids: tuple[str, ...], by: User) -> int:
    """Make uploads that *by* has at hand evidence of a case; refused (422) when one is not theirs or already used."""
    if not upload_ids:
        return 0
    uploads = {row.public_id: row for row in Upload.objects.filter(public_id__in=upload_ids, removed_at=None)}
    for public_id in upload_ids:
        upload = uploads.get(public_id)
        if upload is None or upload.uploaded_by_id != by.pk or Evidence.objects.filter(upload=upload).exists():
            raise wrong("upload_ids", _("有一个文件找不到了，请重新上传。"), "unknown")
        files.hand_over(upload, to=case)
        Evidence.objects.create(case=case, upload=upload, by=by, at=clock.now())
    return len(upload_ids)


def _consumer(filing: Filing, person: User) -> User | None:
    if person.kind in (User.Kind.CITIZEN, User.Kind.MERCHANT):
        return person
    return people.citizen(filing.phone) if phones.is_mobile(filing.phone) else None


def _received(case: Case, person: User, filing: Filing, fingerprint: str, *, is_new: bool) -> None:
    calendars.start(case, DISPATCH, unit=case.hub, at=case.hub_received_at)
    events.record(
        "case.filed",
        case,
        actor=person,
        is_first=is_new,
        number=case.number,
        channel=case.channel,
        shop=case.shop.public_id if case.shop else "",
        evidence=len(filing.upload_ids),
        body=fingerprint,
    )
    consumer = case.consumer.user
    if consumer is not None:
        notices.tell(
            consumer,
            "case.filed",
            subject=case,
            url_name="complaints:receipt",
            url_args=[case.public_id],
            params={"number": str(case)},
            priority=jobs.Priority.RECEIPT,
        )
