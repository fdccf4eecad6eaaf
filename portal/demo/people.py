"""Who works and lives in the demo city."""

from dataclasses import dataclass, field

from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.hashers import make_password

from portal.kernel import people
from portal.kernel.access import Role
from portal.kernel.models import Membership, Organisation, User

DEMO_CITY = "120000"
"""The city whose pack knows the bodies and districts that the demo's people and shops name."""

NO_DEMO = (
    "演示数据只有天津的。换了城市包（PORTAL_CITY）请按正式方式启动：设好 PORTAL_ORIGIN，先运行 python3 -m portal init。"
    " (The demo is of Tianjin alone: with another PORTAL_CITY set PORTAL_ORIGIN and run python3 -m portal init first.)"
)

PASSWORD = "demo-city-2026"  # noqa: S105 (a demo on loopback shows it on its own page)

STAFF: tuple[tuple[str, str, str, tuple[Role, ...]], ...] = (
    ("hub", "分示例", "tj-hub", (Role.DISPATCHER, Role.INTAKE)),
    ("window", "窗示例", "tj-hub", (Role.INTAKE,)),
    ("officer", "周示例", "tj-120104", (Role.OFFICER, Role.MEDIATOR)),
    ("officer2", "何示例", "tj-120104", (Role.OFFICER, Role.MEDIATOR)),
    ("reviewer", "审示例", "tj-120104", (Role.REVIEWER, Role.DISCLOSER)),
    ("officer-heping", "沈示例", "tj-120101", (Role.OFFICER, Role.MEDIATOR)),
    ("reviewer-heping", "秦示例", "tj-120101", (Role.REVIEWER, Role.DISCLOSER)),
    ("enforcer", "执示例", "tj-120104", (Role.ENFORCER,)),
    ("enforcer2", "法示例", "tj-120104", (Role.ENFORCER,)),
    ("enforcement-reviewer", "核示例", "tj-120104", (Role.ENFORCEMENT_REVIEWER,)),
    ("discloser", "公示例", "tj-mra", (Role.DISCLOSER,)),
    ("fund-keeper", "钱示例", "tj-fund", (Role.FUND_KEEPER,)),
    ("fund-approver", "批示例", "tj-fund", (Role.FUND_APPROVER,)),
    ("fund-approver2", "准示例", "tj-fund", (Role.FUND_APPROVER,)),
    ("scheme-officer", "店示例", "tj-scheme", (Role.SCHEME_OFFICER,)),
    ("scheme-approver", "诺示例", "tj-scheme", (Role.SCHEME_APPROVER,)),
    ("analyst", "统示例", "tj-mra", (Role.ANALYST,)),
    ("statistics", "签示例", "tj-mra", (Role.STATISTICS_APPROVER,)),
    ("auditor", "督示例", "tj-mra", (Role.AUDITOR,)),
    ("admin", "管示例", "tj-mra", (Role.ADMIN,)),
    ("admin2", "理示例", "tj-mra", (Role.ADMIN,)),
)
OTHER_BUREAUS = (
    "tj-120102",
    "tj-120103",
    "tj-120105",
    "tj-120106",
    "tj-120111",
    "tj-120112",
    "tj-120113",
    "tj-120114",
    "tj-120115",
    "tj-120116",
    "tj-120118",
)
CITIZENS = 48


@dataclass
class People:
    """Staff by user name, citizens, and by a unit's code: the unit, its handlers and its reviewer."""

    units: dict[str, Organisation] = field(default_factory=dict)
    staff: dict[str, User] = field(default_factory=dict)
    citizens: list[User] = field(default_factory=list)
    handlers: dict[str, list[User]] = field(default_factory=dict)
    reviewers: dict[str, User] = field(default_factory=dict)


def _member(username: str, name: str, unit: Organisation, roles: tuple[Role, ...], password: str) -> User:
    user = User.objects.create(kind=User.Kind.STAFF, username=username, display_name=name, password=password)
    Membership.objects.bulk_create([Membership(user=user, organisation=unit, role=role) for role in roles])
    totp.TOTP.activate(user, totp.generate_totp_secret())
    return user


def settle() -> People:
    """Make everybody; staff share one password, known to the demo page alone."""
    units = {row.code: row for row in Organisation.objects.all()}
    found = People(units)
    password = make_password(PASSWORD)
    rows = list(STAFF)
    for code in OTHER_BUREAUS:
        short = code.removeprefix("tj-")
        rows.append((f"officer-{short}", f"承{short[-2:]}示例", code, (Role.OFFICER, Role.MEDIATOR)))
        rows.append((f"reviewer-{short}", f"审{short[-2:]}示例", code, (Role.REVIEWER, Role.DISCLOSER)))
    for username, name, code, roles in rows:
        user = _member(username, name, units[code], roles, password)
        found.staff[username] = user
        if Role.OFFICER in roles:
            found.handlers.setdefault(code, []).append(user)
        if Role.REVIEWER in roles:
            found.reviewers[code] = user
    found.citizens = [people.citizen(f"1380000{number:04d}") for number in range(1, CITIZENS + 1)]
    return found
