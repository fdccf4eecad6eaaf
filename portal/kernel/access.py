"""Who may open which door: roles (岗位), bodies, districts, and the mark that every view carries.

A decorator only answers "may this kind of person come here at all"; which rows they see is the selectors' matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.db import models
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import forbidden, not_found
from portal.kernel.models.user import User

Who = User | AnonymousUser
View = Callable[..., HttpResponseBase]
SECOND_FACTOR = "second_factor_at"


class Role(models.TextChoices):
    """The roles of the domain's table 8.2."""

    INTAKE = "intake", _("登记员")
    DISPATCHER = "dispatcher", _("分送员")
    OFFICER = "officer", _("承办人")
    REVIEWER = "reviewer", _("审核人")
    MEDIATOR = "mediator", _("调解员")
    DELEGATE = "delegate", _("受托组织调解员")
    ENFORCER = "enforcer", _("执法员")
    ENFORCEMENT_REVIEWER = "enforcement_reviewer", _("执法审核人")
    DISCLOSER = "discloser", _("公示审核员")
    FUND_KEEPER = "fund_keeper", _("先行赔付经办人")
    FUND_APPROVER = "fund_approver", _("先行赔付审批人")
    SCHEME_OFFICER = "scheme_officer", _("承诺店经办人")
    SCHEME_APPROVER = "scheme_approver", _("承诺店审批人")
    ANALYST = "analyst", _("统计分析员")
    STATISTICS_APPROVER = "statistics_approver", _("统计签发人")
    AUDITOR = "auditor", _("个人信息保护负责人")
    ADMIN = "admin", _("系统管理员")


@dataclass(frozen=True)
class Allowed:
    """Who a view is for: everybody, anyone signed in, kinds of people, or staff roles."""

    anyone: bool = False
    kinds: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()

    def admits(self, who: Who) -> bool:
        """Whether *who* may come in (the second factor is asked for separately)."""
        if self.anyone:
            return True
        if not isinstance(who, User) or not who.is_active:
            return False
        if who.kind in self.kinds:
            return True
        return who.kind == User.Kind.STAFF and bool(who.roles & self.roles)


def _guard(allowed: Allowed, *, needs_staff_login: bool = False) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if allowed.anyone:
                return view(request, *args, **kwargs)
            who = request.user
            if not who.is_authenticated:
                login = reverse("account_login" if needs_staff_login else "kernel:login")
                return redirect_to_login(request.get_full_path(), login)
            if not allowed.admits(who):
                raise forbidden()
            if isinstance(who, User) and who.is_staff and not has_second_factor(request):
                return redirect_to_login(request.get_full_path(), reverse("kernel:second_factor"))
            return view(request, *args, **kwargs)

        guarded.allowed = allowed  # type: ignore[attr-defined]
        return guarded

    return decorate


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this very session was opened with a second factor."""
    return bool(request.session.get(SECOND_FACTOR))


def public(view: View) -> View:
    """A page for everybody."""
    return _guard(Allowed(anyone=True))(view)


def signed_in(view: View) -> View:
    """A page for anyone who is signed in."""
    return _guard(Allowed(kinds=frozenset(User.Kind.values) - {User.Kind.STAFF.value}, roles=frozenset(Role)))(view)


def citizen(view: View) -> View:
    """A page for a consumer signed in by phone code."""
    return _guard(Allowed(kinds=frozenset({User.Kind.CITIZEN.value})))(view)


def merchant(view: View) -> View:
    """A page for a merchant's contact signed in by phone code."""
    return _guard(Allowed(kinds=frozenset({User.Kind.MERCHANT.value})))(view)


def party(view: View) -> View:
    """A page for either side of a dispute, not for staff."""
    return _guard(Allowed(kinds=frozenset({User.Kind.CITIZEN.value, User.Kind.MERCHANT.value})))(view)


def staff(*roles: Role) -> Callable[[View], View]:
    """A desk page for staff who hold one of *roles* and used their second factor in this session."""
    return _guard(Allowed(roles=frozenset(roles)), needs_staff_login=True)


def any_staff(view: View) -> View:
    """A desk page for any member of staff."""
    return staff(*Role)(view)


def require(who: Who, *roles: Role, unit_id: int | None = None) -> User:
    """Refuse (403) unless *who* holds one of *roles*, in the body *unit_id* when one is named."""
    if isinstance(who, User) and who.is_staff:
        units = who.unit_ids(*roles)
        if units and (unit_id is None or unit_id in units):
            return who
    raise forbidden()


def require_person(who: Who) -> User:
    """The signed-in person, or a refusal that admits nothing."""
    if isinstance(who, User) and who.is_active:
        return who
    raise not_found()
