"""The administrator's desk: who works here and in which role."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from portal.kernel import access, staff
from portal.kernel.access import Role
from portal.kernel.errors import Refused, into
from portal.kernel.models import Organisation, User

REQUIRED = {"required": _("请填写这一项。"), "invalid_choice": _("请从列表里选。")}
admins = access.staff(Role.ADMIN)


def _units() -> list[tuple[int, str]]:
    return list(Organisation.objects.filter(is_active=True).order_by("pk").values_list("pk", "name"))


class RoleForm(forms.Form):
    """A role in a body."""

    unit = forms.TypedChoiceField(label=_("单位"), choices=_units, coerce=int, error_messages=REQUIRED)
    role = forms.ChoiceField(label=_("岗位"), choices=Role.choices, error_messages=REQUIRED)


class AccountForm(RoleForm):
    """A new account."""

    field_order = ("display_name", "username", "unit", "role")
    display_name = forms.CharField(label=_("姓名"), max_length=60, error_messages=REQUIRED)
    username = forms.CharField(
        label=_("用户名"), help_text=_("小写字母、数字、点或横线。"), max_length=40, error_messages=REQUIRED
    )


@admins
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest) -> HttpResponse:
    """All accounts, and the form that makes one; its password is shown once."""
    form = AccountForm(request.POST or None)
    made = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = staff.add(
                username=told["username"],
                display_name=told["display_name"],
                unit_id=told["unit"],
                role=told["role"],
                who=request.user,
            )
            form = AccountForm()
        except Refused as refused:
            into(form, refused)
    context = {"form": form, "made": made, "accounts": staff.accounts(request.user)}
    return render(request, "kernel/desk/people.html", context, status=422 if form.errors else 200)


def _page(request: HttpRequest, found: User, *, status: int = 200, **more: Any) -> HttpResponse:
    context = {"person": found, "form": RoleForm(), **more}
    return render(request, "kernel/desk/person.html", context, status=status)


@admins
@require_GET
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """One account with its roles."""
    return _page(request, staff.account(who=request.user, public_id=public_id))


@admins
@require_POST
def person_grant(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give a role."""
    found = staff.account(who=request.user, public_id=public_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        try:
            staff.grant(
                user_id=found.pk, unit_id=form.cleaned_data["unit"], role=form.cleaned_data["role"], who=request.user
            )
            return redirect("kernel:person", public_id)
        except Refused as refused:
            into(form, refused)
    return _page(request, found, status=422, form=form)


@admins
@require_POST
def person_revoke(request: HttpRequest, public_id: str, membership_id: int) -> HttpResponse:
    """Take a role away."""
    staff.revoke(membership_id=membership_id, who=request.user)
    return redirect("kernel:person", public_id)


@admins
@require_POST
def person_active(request: HttpRequest, public_id: str) -> HttpResponse:
    """Shut or open the account."""
    found = staff.account(who=request.user, public_id=public_id)
    staff.set_active(user_id=found.pk, is_active=request.POST.get("active") == "1", who=request.user)
    return redirect("kernel:person", public_id)


@admins
@require_POST
def person_reset(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new password, shown once, and no second factor."""
    found = staff.account(who=request.user, public_id=public_id)
    return _page(request, found, made=staff.reset(user_id=found.pk, who=request.user))
