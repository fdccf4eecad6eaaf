"""Two ways of asking that forms of every room share: an amount in yuan, and a day in three inputs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict


class MoneyInput(forms.TextInput):
    """One amount: its unit stands behind it, and with script it is read back in capital characters."""

    template_name = "django/forms/widgets/money.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "autocomplete": "off", "maxlength": "24", **(attrs or {})})


class DayInput(forms.MultiWidget):
    """A day as year, month and day typed one by one: no calendar to open, and what was typed stays as typed.

    Its value is the list of the three texts, whatever they are; nothing typed at all is the empty list.
    """

    template_name = "django/forms/widgets/day.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}
        pieces: dict[str, forms.Widget | type[forms.Widget]] = {
            "y": forms.TextInput({**numeric, "class": "input yyyy"}),
            "m": forms.TextInput(numeric),
            "d": forms.TextInput(numeric),
        }
        super().__init__(pieces, attrs)

    def decompress(self, value: Any) -> list[Any]:
        if isinstance(value, date):
            return [value.year, value.month, value.day]
        return list(value) if value else ["", "", ""]

    def id_for_label(self, id_: str) -> str:
        return id_

    def value_from_datadict(self, data: Mapping[str, Any], files: MultiValueDict[str, Any], name: str) -> list[str]:
        typed = [str(piece or "").strip() for piece in super().value_from_datadict(data, files, name)]
        return typed if any(typed) else []
