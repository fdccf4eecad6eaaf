"""Read a data file into typed rows, and say in one sentence which file and key is wrong."""

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import date
from functools import partial
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from django.core.exceptions import ImproperlyConfigured

Row = TypeVar("Row")


class BadPack(ImproperlyConfigured):
    """The city pack cannot be used; the message is one sentence with file and key."""


class DataFile:
    """One file of a pack: a JSON object whose keys are read by name and type."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.content = json.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise self.bad("", "没有这个文件") from None
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise self.bad("", f"不是正确的 JSON（{error}）") from None
        if not isinstance(self.content, dict):
            raise self.bad("", "最外层应是一个对象")

    def bad(self, key: str, why: str) -> BadPack:
        """The sentence for what is wrong at *key*."""
        place = f"{self.path.parent.name}/{self.path.name}"
        return BadPack(f"城市包 {place} 的 {key}：{why}。" if key else f"城市包 {place}：{why}。")

    def rows(self, key: str, kind: Callable[..., Row], *, may_be_empty: bool = False) -> tuple[Row, ...]:
        """The list under *key*, each object as one *kind*; it has at least one unless it *may_be_empty*."""
        listed = self._at(key)
        if not isinstance(listed, list) or not (listed or may_be_empty):
            raise self.bad(key, "应是一个列表" if may_be_empty else "应是一个不空的列表")
        return tuple(self.row(f"{key}[{place}]", content, kind) for place, content in enumerate(listed))

    def row(self, key: str, content: Any, kind: Callable[..., Row], **given: Any) -> Row:
        """The object *content* as one *kind*; *given* are fields that the file does not hold itself."""
        if not isinstance(content, dict):
            raise self.bad(key, "应是一个对象")
        hints = get_type_hints(kind)
        names = {field.name for field in fields(kind)} - set(given)  # type: ignore[arg-type]
        for missing in sorted(names - set(content)):
            raise self.bad(f"{key}.{missing}", "没有填写")
        for unknown in sorted(set(content) - names - {"note", "source"}):
            raise self.bad(f"{key}.{unknown}", "没有这一项")
        return kind(**{name: self._value(f"{key}.{name}", content[name], hints[name]) for name in names}, **given)

    def object(self, key: str, kind: Callable[..., Row]) -> Row:
        """The object under *key* as one *kind*."""
        return self.row(key, self._at(key), kind)

    def _at(self, key: str) -> Any:
        if key not in self.content:
            raise self.bad(key, "没有填写")
        return self.content[key]

    def _value(self, key: str, value: Any, wanted: Any) -> Any:
        if get_origin(wanted) is tuple:
            if not isinstance(value, list):
                raise self.bad(key, "应是一个列表")
            one = get_args(wanted)[0]
            return tuple(self._value(f"{key}[{place}]", item, one) for place, item in enumerate(value))
        if NoneType in get_args(wanted):
            return None if value is None else self._value(key, value, get_args(wanted)[0])
        return _READ[wanted](partial(self.bad, key), value)


Complaint = Callable[[str], BadPack]


def _text(bad: Complaint, value: Any) -> str:
    if not isinstance(value, str) or value != value.strip():
        raise bad("应是文字，前后不留空格")
    return value


def _number(bad: Complaint, value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise bad("应是不小于零的整数")
    return value


def _flag(bad: Complaint, value: Any) -> bool:
    if not isinstance(value, bool):
        raise bad("应是 true 或 false")
    return value


def _day(bad: Complaint, value: Any) -> date:
    try:
        return date.fromisoformat(_text(bad, value))
    except ValueError:
        raise bad("应是 2026-04-15 这样的日期") from None


_READ: dict[Any, Callable[[Complaint, Any], Any]] = {str: _text, int: _number, bool: _flag, date: _day}
