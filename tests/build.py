"""Builders: every state a test starts from is reached through the real services."""

from datetime import date
from itertools import count
from typing import Any
from uuid import uuid4

from stdnum.cn import uscc

from complaints.models import Case
from complaints.services import intake
from complaints.services.filing import Filing
from portal.kernel import clock, people, regions
from portal.kernel.access import Role
from portal.kernel.models import Membership, Organisation, User
from publicity.models import Shop
from publicity.services import shops

NANKAI = "120104"
HEPING = "120101"
STORY = "在店里买了一台空气净化器，店员说三十天内不满意可以退。五天后拿着小票去退，店长说拆了包装就不能退。"

_serial = count(1)


def home() -> regions.District:
    """Where things are unless a test says otherwise: 南开区 in Tianjin, the first district of another city."""
    districts = regions.city().districts
    return next((row for row in districts if row.code == NANKAI), districts[0])


def a_unit(*, kind: str = Organisation.Kind.BUREAU, district: str = "", name: str = "") -> Organisation:
    """A body of its own; a bureau of the home district unless said otherwise."""
    number, city = next(_serial), regions.city()
    return Organisation.objects.create(
        code=f"unit-{uuid4().hex[:12]}",
        name=name or f"示例市场监督管理局{number}",
        short_name=f"示例局{number}",
        document_prefix=f"{city.hub.document_prefix[0]}南市监",
        kind=kind,
        district=(district or home().code) if kind == Organisation.Kind.BUREAU else "",
        phone=f"{city.area_code}-00000004",
    )


def a_hub() -> Organisation:
    """The one office that receives everything first."""
    found = Organisation.objects.filter(kind=Organisation.Kind.HUB).first()
    return found or a_unit(kind=Organisation.Kind.HUB, name="示例消费者投诉举报中心")


def staff(role: Role, unit: Organisation | None = None, *more: Role) -> User:
    """Somebody who holds these roles in one body."""
    user = User.objects.create(kind=User.Kind.STAFF, username=uuid4().hex, display_name=f"示例{next(_serial)}")
    unit = unit or a_unit()
    for held in (role, *more):
        Membership.objects.create(user=user, organisation=unit, role=held)
    return user


def a_phone() -> str:
    """A mobile number nobody else in this run has."""
    return f"139{next(_serial):08d}"


def a_citizen(phone: str = "") -> User:
    """A consumer who has proved a phone."""
    return people.citizen(phone or a_phone())


def a_client() -> User:
    """An agency that files through the API."""
    return User.objects.create(kind=User.Kind.CLIENT, username=uuid4().hex, display_name="示例接口")


def a_credit_code() -> str:
    """A credit code with a right check digit."""
    body = f"92{home().code}MAXX{next(_serial):05d}"[:17]
    return body + uscc.calc_check_digit(body)


def a_shop(*, name: str = "", district: str = "", address: str | None = None, **more: Any) -> Shop:
    """A registered shop, in the home district unless said otherwise."""
    name, district = name or f"海河示例数码店{next(_serial)}", district or home().code
    address = f"{home().name}示例路 10 号" if address is None else address
    return shops.register(name=name, uscc=a_credit_code(), district=district, address=address, **more)


def a_merchant(shop: Shop) -> User:
    """A verified contact of *shop*, checked by somebody else."""
    user = people.merchant(a_phone())
    shops.verify_contact(shop_id=shop.pk, user_id=user.pk, method="licence", who=staff(Role.SCHEME_OFFICER))
    return user


def a_filing(shop: Shop | None = None, **changes: Any) -> Filing:
    """A complete and simple complaint; name a field to change it."""
    city = regions.city()
    told: dict[str, Any] = {
        "shop_id": (shop or a_shop()).pk if "shop_name" not in changes else None,
        "facts": STORY,
        "purchased_on": clock.today().replace(day=1),
        "paid_fen": 129_900,
        "claims": ("return", "refund"),
        "claimed_fen": 129_900,
        "problem": "P02",
        "name": "林示例",
        "phone": a_phone(),
        "address": f"{city.name}{city.districts[2].name}示例道 1 号 2 门 301",
    }
    return Filing(**(told | changes))


def a_filed_case(*, who: User | None = None, shop: Shop | None = None, channel: str = "PORTAL", **changes: Any) -> Case:
    """A complaint received at the hub, filed by a consumer of its own unless *who* is given."""
    a_hub()
    phone = changes.pop("phone", "") or a_phone()
    who = who or a_citizen(phone)
    filing = a_filing(shop, phone=phone, **changes)
    return intake.file(filing=filing, channel=channel, who=who, key=uuid4().hex)


def a_dispatched_case(*, unit: Organisation | None = None, **changes: Any) -> Case:
    """A complaint at a bureau that may decide; its D01 runs."""
    from complaints.services import triage

    case = a_filed_case(**changes)
    unit = unit or a_unit()
    dispatcher = staff(Role.DISPATCHER, case.hub)
    return triage.dispatch(
        case_id=case.pk, unit_id=unit.pk, reason="商家在该区经营", who=dispatcher, version=case.version
    )


def an_accepted_case(*, unit: Organisation | None = None, officer: User | None = None, **changes: Any) -> Case:
    """A complaint that its handler has accepted; D02 runs."""
    from complaints.services import decisions

    unit = unit or a_unit()
    case = a_dispatched_case(unit=unit, **changes)
    officer = officer or staff(Role.OFFICER, unit)
    case = decisions.claim_case(case_id=case.pk, who=officer, version=case.version)
    return decisions.accept(case_id=case.pk, who=officer, version=case.version)


def a_day(text: str) -> date:
    """`2026-11-24` as a date."""
    return date.fromisoformat(text)
