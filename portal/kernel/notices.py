"""One message to one person: a row in the inbox, and an SMS or mail that leaves through a job.

Texts are registered by the rooms and filled with ids, codes, numbers and days only, so that no message carries what it
is about beyond a number that means something to its reader alone.
"""

import logging
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import clock, crypto, jobs, outgoing, paging
from portal.kernel.models.notice import Notice, OutgoingMessage
from portal.kernel.models.user import Organisation, User
from portal.kernel.subjects import label_and_pk

logger = logging.getLogger(__name__)

HOUSE_LANGUAGE = "zh-hans"

CODE = re.compile(r"[A-Za-z0-9_.:+/=\-]{0,120}")
PAPER_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}〔[0-9]{4}〕[0-9]{1,8}号")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
PERSONAL = re.compile(r"(?<!\d)(1[3-9]\d{9}|\d{17}[\dXx]|\d{16}|\d{19})(?!\d)")
WEEKDAYS = (_("星期一"), _("星期二"), _("星期三"), _("星期四"), _("星期五"), _("星期六"), _("星期日"))

Text = str | Promise


@dataclass(frozen=True)
class Form:
    """A registered text: what the inbox shows, what goes out, and whether it goes out at all."""

    title: Text
    body: Text
    goes_out: bool = True


_forms: dict[str, Form] = {}


def register(name: str, *, title: Text, body: Text, goes_out: bool = True) -> None:
    """Register the text *name*; `{…}` in it are parameters. With *goes_out* it is also sent by SMS or mail."""
    _forms[name] = Form(title, body, goes_out)


def registered() -> frozenset[str]:
    """The names of all texts."""
    return frozenset(_forms)


def title_of(name: str) -> str:
    """What the text *name* is called in an inbox; its honest remainder when it is used no more."""
    form = _forms.get(name)
    return str(form.title) if form else gettext("通知")


def tell(
    user: User,
    name: str,
    *,
    subject: models.Model | None = None,
    url_name: str = "",
    url_args: Sequence[str] = (),
    params: dict[str, Any] | None = None,
    priority: jobs.Priority = jobs.Priority.NORMAL,
) -> Notice:
    """Put a message into *user*'s inbox and owe its SMS (or, for staff, its mail). Call inside a transaction.

    Parameters are codes, numbers, dates, paper numbers and Organisations; anything that could name a person raises
    ValueError.
    """
    label, pk = label_and_pk(subject) if subject is not None else ("", "")
    notice = Notice.objects.create(
        user=user,
        name=name,
        subject_label=label,
        subject_pk=pk,
        url_name=url_name,
        url_args=[str(value) for value in url_args],
        params=_checked(name, params or {}),
        created_at=clock.now(),
    )
    if _forms[name].goes_out:
        _owe_message(user, notice, params or {}, priority)
    return notice


def _owe_message(user: User, notice: Notice, params: dict[str, Any], priority: jobs.Priority) -> None:
    phone = crypto.unseal(user, "phone_sealed")
    channel, address = ("sms", phone) if phone else ("mail", user.email)
    if not address:
        return
    title, text = _for_outside(notice, params)
    outgoing.owe(
        notice.name,
        channel=channel,
        address=address,
        title=title,
        text=text,
        key=f"notice-{notice.public_id}",
        priority=priority,
        notice=notice,
    )


def text_phone(
    phone: str,
    name: str,
    *,
    key: str,
    params: dict[str, Any] | None = None,
    url_name: str = "",
    url_args: Sequence[str] = (),
    priority: jobs.Priority = jobs.Priority.NORMAL,
) -> OutgoingMessage:
    """Owe an SMS to a phone whose owner has no account here; the same *key* is only ever sent once."""
    known = outgoing.owed_under(f"text-{key}")
    if known is not None:
        return known
    notice = Notice(name=name, params=_checked(name, params or {}), url_name=url_name, url_args=list(url_args))
    title, text = _for_outside(notice, params or {})
    return outgoing.owe(
        name, channel="sms", address=phone, title=title, text=text, key=f"text-{key}", priority=priority
    )


def _for_outside(notice: Notice, params: dict[str, Any]) -> tuple[str, str]:
    units = {value.pk: value.name for value in params.values() if isinstance(value, Organisation)}
    with translation.override(HOUSE_LANGUAGE):
        said = read(notice, units)
    return said.title, "\n".join(filter(None, [said.body, said.url and f"{settings.ORIGIN}{said.url}"]))


def _checked(name: str, params: dict[str, Any]) -> dict[str, Any]:
    if name not in _forms:
        raise ValueError(f"no text is registered as {name}")
    return {key: _checked_value(value) for key, value in params.items()}


def _checked_value(value: Any) -> Any:
    if isinstance(value, Organisation):
        return {"unit": value.pk}
    if isinstance(value, datetime):
        return clock.day_of(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool | int):
        return value
    if (
        isinstance(value, str)
        and not PERSONAL.search(value)
        and (CODE.fullmatch(value) or PAPER_NUMBER.fullmatch(value))
    ):
        return value
    raise ValueError("a message is filled with ids, codes, numbers and days, never with names or text")


@dataclass(frozen=True)
class Said:
    """A notice in words, in the language of the moment."""

    title: str
    body: str
    url: str


def read(notice: Notice, units: Mapping[int, str] = MappingProxyType({})) -> Said:
    """The words of a notice; an unknown text or a page that is gone leaves an honest remainder.

    *units* are the names of bodies, by primary key, that the caller has at hand; others are read.
    """
    form = _forms.get(notice.name)
    if form is None:
        return Said(title_of(notice.name), gettext("这条通知的内容已经不再使用。"), "")
    params = {key: _said(value, units) for key, value in notice.params.items()}
    try:
        url = reverse(notice.url_name, args=notice.url_args) if notice.url_name else ""
    except NoReverseMatch:
        logger.warning("the notice %s points at %s, which is not there", notice.name, notice.url_name)
        url = ""
    return Said(str(form.title).format(**params), str(form.body).format(**params), url)


def _said(value: Any, units: Mapping[int, str]) -> str:
    if isinstance(value, dict):
        return units.get(value["unit"]) or Organisation.objects.get(pk=value["unit"]).name
    if isinstance(value, str) and DAY.fullmatch(value):
        day = date.fromisoformat(value)
        return gettext("%(month)d 月 %(day)d 日（%(weekday)s）") % {
            "month": day.month,
            "day": day.day,
            "weekday": WEEKDAYS[day.weekday()],
        }
    return str(value)


def inbox_of(user: User) -> QuerySet[Notice]:
    """A person's messages, newest first."""
    return Notice.objects.filter(user=user).order_by("-created_at", "-id")


@dataclass(frozen=True)
class InboxPage:
    """Some messages with their words, and the public id after which the next page begins."""

    rows: tuple[tuple[Notice, Said], ...]
    next_after: str


def page_of(user: User, *, after: str, size: int) -> InboxPage:
    """One page of a person's messages; *after* is where the page before ended."""
    shown, next_after = paging.cut(paging.older(inbox_of(user), than=after, moment="created_at"), size)
    return InboxPage(tuple((row, read(row)) for row in shown), next_after)


def unread_count(user: User) -> int:
    """How many messages a person has not opened."""
    return Notice.objects.filter(user=user, read_at=None).count()


def mark_read(user: User, public_id: str) -> Notice | None:
    """Note that *user* opened a message of theirs; None when it is not theirs."""
    notice = Notice.objects.filter(user=user, public_id=public_id).first()
    if notice is not None and notice.read_at is None:
        notice.read_at = clock.now()
        notice.save(update_fields=["read_at"])
    return notice


def mark_all_read(user: User) -> int:
    """Note that *user* has seen everything; answer how many that were."""
    return Notice.objects.filter(user=user, read_at=None).update(read_at=clock.now())
