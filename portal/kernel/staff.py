"""Accounts of staff: made, given roles and shut by an administrator, never by the person who wants one."""

import re
import secrets
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from portal.kernel import events
from portal.kernel.access import Role, Who, require
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import Membership, Organisation, User

USERNAME = re.compile(r"[a-z][a-z0-9.\-]{2,39}")
PASSWORD_WORDS = 4


@dataclass(frozen=True)
class NewAccount:
    """A fresh account and the password that is shown once."""

    user: User
    password: str


def _password() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(PASSWORD_WORDS))


def _role(role: str) -> Role:
    if role not in Role.values:
        raise Refused("role", _("请选岗位。"), field="role")
    return Role(role)


def _unit(unit_id: int) -> Organisation:
    unit = Organisation.objects.filter(pk=unit_id, is_active=True).first()
    if unit is None:
        raise Refused("unit", _("请选单位。"), field="unit")
    return unit


def _member(user_id: int) -> User:
    user = User.objects.select_for_update().filter(pk=user_id, kind=User.Kind.STAFF).first()
    if user is None:
        raise not_found()
    return user


@transaction.atomic
def add(*, username: str, display_name: str, unit_id: int, role: str, who: Who) -> NewAccount:
    """Make an account with one role in one body; the password is shown once and changed by its owner.

    Refused on its field: `username` (3–40 small letters, figures, dots, hyphens; or taken), `display_name`, `unit`,
    `role`.
    """
    admin = require(who, Role.ADMIN)
    username = username.strip()
    if not USERNAME.fullmatch(username):
        raise Refused("username", _("用户名用 3 到 40 个小写字母、数字、点或横线，字母开头。"), field="username")
    if User.objects.filter(username=username).exists():
        raise Refused("username", _("这个用户名已经有人用了。"), field="username")
    if not display_name.strip():
        raise Refused("display_name", _("请填写姓名。"), field="display_name")
    unit, held = _unit(unit_id), _role(role)
    password = _password()
    user = User.objects.create_user(username, password, kind=User.Kind.STAFF, display_name=display_name.strip()[:60])
    Membership.objects.create(user=user, organisation=unit, role=held)
    events.record("account.made", user, actor=admin, unit=unit.code, role=held.value)
    return NewAccount(user, password)


@transaction.atomic
def grant(*, user_id: int, unit_id: int, role: str, who: Who) -> Membership:
    """Give a role in a body; giving it again changes nothing. Nobody gives a role to themselves (`same_person`)."""
    admin = require(who, Role.ADMIN)
    user, unit, held = _member(user_id), _unit(unit_id), _role(role)
    if user.pk == admin.pk:
        raise Refused("same_person", _("不能给自己加岗位，请另一位管理员来办。"))
    membership, is_new = Membership.objects.get_or_create(user=user, organisation=unit, role=held)
    if is_new:
        events.record("account.role_given", user, actor=admin, unit=unit.code, role=held.value)
    return membership


@transaction.atomic
def revoke(*, membership_id: int, who: Who) -> User:
    """Take a role away; it is gone from the person's next page. The last administrator stays (`last_admin`)."""
    admin = require(who, Role.ADMIN)
    membership = Membership.objects.select_related("user", "organisation").filter(pk=membership_id).first()
    if membership is None:
        raise not_found()
    user = _member(membership.user_id)
    if membership.role == Role.ADMIN:
        _keep_an_admin(user)
    events.record("account.role_taken", user, actor=admin, unit=membership.organisation.code, role=membership.role)
    membership.delete()
    return user


@transaction.atomic
def set_active(*, user_id: int, is_active: bool, who: Who) -> User:
    """Shut an account or open it again; what its owner did stays on record."""
    admin = require(who, Role.ADMIN)
    user = _member(user_id)
    if not is_active:
        _keep_an_admin(user)
    if user.is_active != is_active:
        user.is_active = is_active
        user.save(update_fields=["is_active"])
        events.record("account.opened" if is_active else "account.shut", user, actor=admin)
    return user


@transaction.atomic
def reset(*, user_id: int, who: Who) -> NewAccount:
    """A new one-time password and no second factor, for someone who lost theirs; they bind a new one at sign-in."""
    admin = require(who, Role.ADMIN)
    user = _member(user_id)
    password = _password()
    user.set_password(password)
    user.save(update_fields=["password"])
    Authenticator.objects.filter(user=user).delete()
    events.record("account.reset", user, actor=admin)
    return NewAccount(user, password)


def _keep_an_admin(user: User) -> None:
    others = User.objects.filter(kind=User.Kind.STAFF, is_active=True, memberships__role=Role.ADMIN).exclude(pk=user.pk)
    if Role.ADMIN in user.roles and not others.exists():
        raise Refused("last_admin", _("这是最后一位管理员，先让另一位管理员上岗。"))


def accounts(who: Who) -> QuerySet[User]:
    """All accounts of staff, for an administrator."""
    require(who, Role.ADMIN)
    held = Prefetch(
        "memberships", Membership.objects.select_related("organisation").order_by("organisation__pk", "role")
    )
    return User.objects.filter(kind=User.Kind.STAFF).prefetch_related(held).order_by("-is_active", "username")


def account(*, who: Who, public_id: str) -> User:
    """One account, or not found."""
    found = accounts(who).filter(public_id=public_id).first()
    if found is None:
        raise not_found()
    return found
