"""What `check` says where the record of events does not prove itself: which row, and what is wrong with it."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _


class Wrong(StrEnum):
    """What happened to a row behind the portal's back."""

    CHANGED = "changed"
    REMOVED = "removed"
    INSERTED = "inserted"
    MOVED = "moved"
    ANCHOR_CHANGED = "anchor_changed"
    ANCHOR_REMOVED = "anchor_removed"


@dataclass(frozen=True, order=True)
class Fault:
    """One place where the record does not prove itself.

    `event_id` is the row that is wrong, or 0 when it is gone and its id with it. `subject` (label:key), `seq` and
    `to_seq` name its place in a chain where that is known, `anchor` (a number from 1) the checkpoint that tells.
    """

    wrong: Wrong
    event_id: int = 0
    subject: str = ""
    seq: int = 0
    to_seq: int = 0
    anchor: int = 0

    def __str__(self) -> str:
        return f"{self._row()}：{self._said()}"

    def _row(self) -> str:
        if self.wrong in (Wrong.ANCHOR_CHANGED, Wrong.ANCHOR_REMOVED):
            return _("检查点 {n}").format(n=_span(self.anchor, self.to_seq))
        named = _("事件 {id}").format(id=self.event_id) if self.event_id else _("事件")
        if self.subject:
            place = _span(self.seq, self.to_seq)
            return _("{event}（{subject} 第 {place} 条）").format(event=named, subject=self.subject, place=place)
        return named

    def _said(self) -> str:
        said = {
            Wrong.CHANGED: _("写下以后被改过"),
            Wrong.REMOVED: _("被删掉了"),
            Wrong.INSERTED: _("是后来插进去的"),
            Wrong.MOVED: _("不在原来的位置，被调过顺序"),
            Wrong.ANCHOR_CHANGED: _("写下以后被改过"),
            Wrong.ANCHOR_REMOVED: _("被删掉了"),
        }[self.wrong]
        if self.anchor and self.wrong not in (Wrong.ANCHOR_CHANGED, Wrong.ANCHOR_REMOVED):
            return _("{said}（检查点 {n} 记着它原来的样子）").format(said=said, n=self.anchor)
        return said


def _span(first: int, last: int) -> str:
    return f"{first}–{last}" if last > first else str(first)
