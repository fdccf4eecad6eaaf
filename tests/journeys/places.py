"""Where every kind of page of a demo city is to be seen, and by whom; run inside the portal's own environment."""

import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from django.db.models import Model
from django.urls import reverse

from complaints.models import Case, Proposal, Report
from mediation.models import Agreement, Claim, Mediation, Offer
from portal.kernel.access import Role
from portal.kernel.models import Document, Notice, Organisation, User
from publicity.models import Disclosure, Pledge, Release, Shop, ShopContact

Row = TypeVar("Row", bound=Model)

GUEST = ""
PUBLIC = (
    "publicity:home", "publicity:register", "publicity:log", "publicity:statistics", "publicity:shops",
    "publicity:who_answers", "publicity:privacy", "mediation:fund", "kernel:verify", "kernel:login", "kernel:demo",
    "kernel:law", "kernel:second_factor", "complaints:start", "complaints:resume", "complaints:track",
    "complaints:report", "complaints:mine", "account_login", "account_inactive", "schema_docs",
)  # fmt: skip
OWN = (
    "account_logout", "account_change_password", "account_reauthenticate", "mfa_index",
)  # fmt: skip


class Place(NamedTuple):
    """One page and its reader: the public id of a user, or nobody."""

    reader: str
    name: str
    path: str


def places() -> list[Place]:
    """Every page, the readers one after another."""
    found = [*_public(), *_consumers(), *_merchants(), *_talkers(), *_cases_at_the_desk(), *_desk()]
    return sorted(set(found))


def say() -> None:
    """Print the places for a test in another process."""
    print(json.dumps(places()))


def _at(reader: User | str | None, name: str, *args: object, query: str = "") -> Place:
    public_id = reader.public_id if isinstance(reader, User) else (reader or GUEST)
    return Place(public_id, name, reverse(name, args=[str(arg) for arg in args]) + query)


def _each(rows: Iterable[Row], field: str = "state") -> Iterator[Row]:
    """The first row of every value of *field*."""
    seen = set()
    for row in rows:
        value = getattr(row, field)
        if value not in seen:
            seen.add(value)
            yield row


def _public() -> Iterator[Place]:
    for name in PUBLIC:
        yield _at(GUEST, name)
    yield Place(GUEST, "nowhere", "/nowhere/")
    yield _at(GUEST, "publicity:register", query="?q=查无此事查无此事")
    yield _at(GUEST, "publicity:register", query="?q=退")
    yield _at(GUEST, "publicity:shops", query="?q=示例")
    yield _at(GUEST, "publicity:shops", query="?q=查无此店")
    yield _at(GUEST, "publicity:badge", "none")
    yield _at(GUEST, "kernel:verify_code", "AAAA-AAAA-AAAA")
    for record in _each(Disclosure.objects.filter(state=Disclosure.State.PUBLISHED), "outcome"):
        yield _at(GUEST, "publicity:disclosure", record.public_id)
    for release in Release.objects.filter(state=Release.State.SIGNED).order_by("month")[:1]:
        yield _at(GUEST, "publicity:release", f"{release.month:%Y-%m}")
    for pledge in _each(Pledge.objects.exclude(serial="").select_related("shop")):
        yield _at(GUEST, "publicity:badge", pledge.serial)
        yield _at(GUEST, "publicity:shop", pledge.shop.public_id)
    for shop in Shop.objects.filter(pledges=None)[:1]:
        yield _at(GUEST, "publicity:shop", shop.public_id)
    for paper in [*_each(Document.objects.all(), "kind")][:3]:
        yield _at(GUEST, "kernel:verify_code", paper.verify_code)


def _consumers() -> Iterator[Place]:
    cases = Case.objects.filter(consumer__user__kind=User.Kind.CITIZEN).select_related("consumer__user")
    for case in _each(cases.order_by("-submitted_at")):
        who = case.consumer.user
        yield _at(who, "complaints:case", case.public_id)
        if case.state == Case.State.DISPATCHED:
            yield _at(who, "complaints:mine")
            for name in ("receipt", "consents", "supplement", "withdraw"):
                yield _at(who, f"complaints:{name}", case.public_id)
    notice = Notice.objects.filter(user__kind=User.Kind.CITIZEN).select_related("user").first()
    assert notice is not None
    yield _at(notice.user, "kernel:inbox")
    yield _at(notice.user, "kernel:notice", notice.public_id)
    for claim in _each(Claim.objects.select_related("applied_by")):
        yield _at(claim.applied_by, "mediation:claim", claim.public_id)
    for agreement in Agreement.objects.exclude(breached_on=None).filter(claims=None)[:1]:
        yield _at(agreement.mediation.case.consumer.user, "mediation:claim_apply", agreement.public_id)


def _merchants() -> Iterator[Place]:
    contacts = ShopContact.objects.filter(ended_at=None).select_related("user", "shop")
    for pledge in _each(Pledge.objects.select_related("applied_by")):
        yield _at(pledge.applied_by, "publicity:merchant_pledge")
        yield _at(pledge.applied_by, "complaints:merchant_home")
    for row in contacts.filter(shop__pledges=None)[:1]:
        yield _at(row.user, "publicity:merchant_pledge")
        yield _at(row.user, "kernel:inbox")
    cases = Case.objects.filter(state__in=[Case.State.ACCEPTED, Case.State.MEDIATING, Case.State.SETTLED])
    for case in [*_each(cases), *_each(Case.objects.filter(state=Case.State.CLOSED), "outcome")]:
        if case.outcome != "rejected" and (contact := contacts.filter(shop=case.shop_id).first()):
            yield _at(contact.user, "complaints:merchant_home")
            yield _at(contact.user, "complaints:merchant_case", case.public_id)


def _talkers() -> Iterator[Place]:
    for talks in _each(Mediation.objects.select_related("case")):
        consumer, mediator = talks.case.consumer.user, _of(Role.MEDIATOR, talks.case.unit)
        yield _at(consumer, "mediation:room", talks.public_id)
        yield _at(mediator, "mediation:bench", talks.public_id)
        if talks.state == Mediation.State.INVITED:
            yield _at(consumer, "mediation:invite", talks.public_id)
            yield _at(_speaker(talks.case), "mediation:invite", talks.public_id)
        if talks.state == Mediation.State.IN_SESSION:
            yield _at(consumer, "mediation:offers", talks.public_id)
            yield _at(consumer, "mediation:offer_make", talks.public_id)
            yield _at(mediator, "mediation:desk_mediations")
            yield _at(mediator, "mediation:bench_appraisal", talks.public_id)
            yield _at(mediator, "mediation:bench_terminate", talks.public_id)
        if talks.state == Mediation.State.APPRAISAL:
            yield _at(mediator, "mediation:bench_report", talks.public_id)
        agreement = Agreement.objects.filter(mediation=talks).first()
        if agreement is not None:
            yield _at(consumer, "mediation:agreement", agreement.public_id)
            if talks.state == Mediation.State.AGREED:
                yield _at(_speaker(talks.case), "mediation:agreement", agreement.public_id)
    for offer in _each(Offer.objects.select_related("mediation__case")):
        speaker = _speaker(offer.mediation.case)
        yield _at(offer.mediation.case.consumer.user, "mediation:offer", offer.public_id)
        if offer.state == Offer.State.OPEN:
            yield _at(speaker, "mediation:offer", offer.public_id)
            yield _at(speaker, "mediation:offer_counter", offer.public_id)
            yield _at(speaker, "mediation:room", offer.mediation.public_id)
            yield _at(offer.mediation.case.consumer.user, "mediation:offers", offer.mediation.public_id)


def _cases_at_the_desk() -> Iterator[Place]:
    dispatcher = _of(Role.DISPATCHER)
    for case in _each(Case.objects.select_related("unit", "handler")):
        yield _at(case.handler or (_of(Role.OFFICER, case.unit) if case.unit else dispatcher), *_desk_case(case))
        if case.state == Case.State.INCOMPLETE:
            yield _at(dispatcher, "complaints:desk_complete", case.public_id)
    for proposal in _each(Proposal.objects.filter(state="open").select_related("case__unit"), "kind"):
        yield _at(_of(Role.REVIEWER, proposal.case.unit), *_desk_case(proposal.case))
        yield _at(_of(Role.REVIEWER, proposal.case.unit), "complaints:desk_reviews")
    for report in _each(Report.objects.select_related("unit")):
        for role in (Role.ENFORCER, Role.ENFORCEMENT_REVIEWER):
            yield _at(_of(role, report.unit), "complaints:desk_report", report.public_id)


def _desk_case(case: Case) -> tuple[str, str]:
    return "complaints:desk_case", case.public_id


def _desk() -> Iterator[Place]:
    for role in (Role.DISPATCHER, Role.OFFICER, Role.REVIEWER, Role.ENFORCER, Role.FUND_KEEPER, Role.ADMIN):
        yield _at(_of(role), "complaints:desk")
    hub, officer, admin = _of(Role.DISPATCHER), _of(Role.OFFICER), _of(Role.ADMIN)
    for name in ("desk_incomplete", "desk_cases", "desk_entry", "desk_entry_form", "desk_report_entry"):
        yield _at(hub, f"complaints:{name}")
    yield _at(hub, "complaints:desk_entry", query="?q=示例")
    yield _at(hub, "complaints:desk_search", query="?q=退")
    yield _at(hub, "complaints:desk_search", query="?q=查无此件查无此件")
    yield _at(officer, "complaints:desk_search")
    yield _at(officer, "kernel:inbox")
    for name in OWN:
        yield _at(officer, name)
    yield _at(_of(Role.ENFORCER), "complaints:desk_reports")
    yield from _record_of_looks()
    yield _at(admin, "kernel:jobs")
    yield _at(admin, "kernel:people")
    yield _at(admin, "kernel:law_desk")
    yield _at(admin, "kernel:workdays")
    yield _at(admin, "kernel:person", officer.public_id if officer else "")
    yield from _records()
    yield from _money()
    yield from _plates()


def _record_of_looks() -> Iterator[Place]:
    auditor = _of(Role.AUDITOR)
    yield _at(auditor, "kernel:reads")
    yield _at(auditor, "kernel:reads", query="?only=exports")
    yield _at(auditor, "kernel:reads", query="?number=none")
    for case in _each(Case.objects.filter(number__isnull=False)):
        yield _at(auditor, "kernel:story", "case", case.number)
    for report in _each(Report.objects.all()):
        yield _at(auditor, "kernel:story", "report", report.number)


def _records() -> Iterator[Place]:
    for role in (Role.REVIEWER, Role.DISCLOSER):
        yield _at(_of(role), "publicity:desk_disclosures")
    for record in _each(Disclosure.objects.select_related("unit")):
        yield _at(_of(Role.DISCLOSER, record.unit), "publicity:desk_disclosure", record.public_id)
    for role in (Role.ANALYST, Role.STATISTICS_APPROVER):
        yield _at(_of(role), "publicity:desk_releases")
        for release in _each(Release.objects.all()):
            yield _at(_of(role), "publicity:desk_release", release.public_id)


def _money() -> Iterator[Place]:
    yield _at(_of(Role.FUND_KEEPER), "mediation:desk_endow")
    for role in (Role.FUND_KEEPER, Role.FUND_APPROVER):
        yield _at(_of(role), "mediation:desk_claims")
        for claim in _each(Claim.objects.all()):
            yield _at(_of(role), "mediation:desk_claim", claim.public_id)


def _plates() -> Iterator[Place]:
    officer = _of(Role.SCHEME_OFFICER)
    yield _at(officer, "publicity:desk_shop_new")
    for shop in Shop.objects.all()[:1]:
        yield _at(officer, "publicity:desk_shop", shop.public_id)
    yield _at(officer, "publicity:desk_shops")
    for role in (Role.SCHEME_OFFICER, Role.SCHEME_APPROVER):
        yield _at(_of(role), "publicity:desk_pledges")
        for pledge in [*_each(Pledge.objects.all())][:: 1 if role == Role.SCHEME_OFFICER else 3]:
            yield _at(_of(role), "publicity:desk_pledge", pledge.public_id)


def _of(role: Role, unit: Organisation | None = None) -> User | None:
    """The first who holds the role, in that unit if one is named."""
    holders = User.objects.filter(memberships__role=role, is_active=True)
    if unit is not None:
        holders = holders.filter(memberships__organisation=unit)
    return holders.order_by("pk").first()


def _speaker(case: Case) -> User | None:
    contact = ShopContact.objects.filter(shop=case.shop_id, ended_at=None).select_related("user").first()
    return contact.user if contact else None
