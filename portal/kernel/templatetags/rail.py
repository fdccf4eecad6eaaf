"""What the desk's frame shows of the person in front of it."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from portal.kernel import rail
from portal.kernel.models import Organisation, User

register = template.Library()


@register.simple_tag(takes_context=True)
def rail_groups(context: dict[str, Any]) -> list[rail.Group]:
    """The rail of whoever reads the page."""
    who = context["request"].user
    return rail.rail_of(who) if isinstance(who, User) and who.is_staff else []


@register.simple_tag(takes_context=True)
def desk_unit(context: dict[str, Any]) -> str:
    """The body that the reader works for; several are counted."""
    who = context["request"].user
    if not isinstance(who, User):
        return ""
    units = list(Organisation.objects.filter(pk__in=who.unit_ids()).order_by("pk").values_list("name", flat=True))
    return units[0] if len(units) == 1 else _("{n} 个单位").format(n=len(units)) if units else ""


@register.filter
def is_waited_for(groups: list[rail.Group]) -> bool:
    """Whether something waits in any list of a rail."""
    return any(entry.count for group in groups for entry in group.entries)
