"""A person at a phone without script: fills in what a page shows, presses its buttons, and counts."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

HIDDEN = ("hidden", "submit")


@dataclass
class Form:
    """One form of the page's main part with what its fields hold."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._is_main = False
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = {name: value or "" for name, value in attrs}
        self._is_main = self._is_main or tag == "main"
        if tag == "form" and self._is_main:
            self._open = Form(got.get("action", ""), got.get("method", "get"))
            self.forms.append(self._open)
        if self._open is None or ("name" not in got and tag != "option"):
            return
        values = self._open.values
        if tag == "input" and got.get("type") not in ("checkbox", "radio", "file"):
            values.setdefault(got["name"], []).append(got.get("value", ""))
        elif tag == "input" and "checked" in dict(attrs):
            values.setdefault(got["name"], []).append(got.get("value", "on"))
        elif tag == "textarea":
            self._area, values[got["name"]] = got["name"], [""]
        elif tag == "select":
            self._select = got["name"]
            values.setdefault(got["name"], [""])
        elif tag == "option" and self._select and "selected" in dict(attrs):
            values[self._select] = [got.get("value", "")]

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open is not None and self._area is not None:
            self._open.values[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._is_main = False
        if tag == "form":
            self._open = None
        elif tag == "textarea" and self._open is not None and self._area is not None:
            self._open.values[self._area][0] = self._open.values[self._area][0].removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None


class Person:
    """Whoever holds the phone. `taps` counts touches of the screen, `answers` things they had to think of."""

    def __init__(self) -> None:
        self.client = Client()
        self.taps = self.answers = 0
        self.path = ""
        self.page: Any = None
        self.form: Form = Form("", "get")

    @property
    def text(self) -> str:
        """The words of the page, spaces squeezed."""
        parser = _Forms()
        parser.feed(self.page.content.decode())
        return re.sub(r"\s+", " ", parser.text)

    def open(self, path: str, *, tap: bool = False) -> "Person":
        """Go to an address; by a link on the page it costs a tap."""
        self.taps += tap
        return self._arrive(self.client.get(path), path)

    def _arrive(self, answer: Any, path: str) -> "Person":
        while answer.status_code in (301, 302):
            path = answer["Location"]
            answer = self.client.get(path)
        self.page, self.path = answer, path
        return self

    def at(self, name: str) -> "Person":
        """Turn to the form on the page that has a field called *name* (or that is the only post form)."""
        parser = _Forms()
        parser.feed(self.page.content.decode())
        mine = [form for form in parser.forms if form.method == "post"]
        fitting = [form for form in mine if name in form.values] or mine[-1:]
        self.form = fitting[0]
        return self

    def write(self, name: str, *words: str) -> "Person":
        """Type one answer, into one or more inputs next to each other."""
        names = [name] if len(words) == 1 else [f"{name}_{part}" for part in ("y", "m", "d")]
        self.answers += 1
        self.taps += len(words)
        for one, word in zip(names, words, strict=True):
            self.form.values[one] = [word]
        return self

    def choose(self, name: str, value: str) -> "Person":
        """Choose from a list: open it and touch the line."""
        self.answers += 1
        self.taps += 2
        self.form.values[name] = [value]
        return self

    def tick(self, name: str, value: str = "on") -> "Person":
        """Tick a box."""
        self.answers += 1
        self.taps += 1
        self.form.values.setdefault(name, [])
        self.form.values[name].append(value)
        return self

    def press(self, name: str = "", value: str = "", **files: Any) -> "Person":
        """Press a button of the form."""
        self.taps += 1
        data: dict[str, Any] = {key: held for key, held in self.form.values.items() if held != []}
        if name:
            data[name] = value
        return self._arrive(
            self.client.post(self.form.action or self.path, data | files), self.form.action or self.path
        )
