"""How a message leaves the house: one port for SMS and mail, and what a gateway must promise."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

logger = logging.getLogger(__name__)

REMEMBERED = 10_000


class Outcome(Enum):
    """What a gateway knows of a message."""

    SENT = "sent"
    REFUSED = "refused"
    FAILED = "failed"
    UNKNOWN = "unknown"
    ABSENT = "absent"


@dataclass(frozen=True)
class Answer:
    """A gateway's answer; `reference` is its own number for the message."""

    outcome: Outcome
    reference: str = ""


@dataclass(frozen=True)
class Sending:
    """One message on its way out. `key` names it for ever: a gateway that has seen it does not send it again."""

    key: str
    channel: str
    address: str
    title: str
    text: str

    def __repr__(self) -> str:
        return f"Sending({self.channel} {self.key})"


class Gateway(Protocol):
    """A way out.

    `send` never raises for what can happen on a network: FAILED means surely not sent and worth another try, REFUSED
    that no try will help, UNKNOWN that it may or may not have gone. `outcome` says what became of a key; ABSENT means
    the gateway never heard of it, UNKNOWN that it cannot tell, and then nothing is sent again.
    """

    def send(self, sending: Sending) -> Answer: ...

    def outcome(self, key: str) -> Answer: ...


class DemoGateway:
    """Sends nothing: in a demo the message is read on the demo page."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def send(self, sending: Sending) -> Answer:
        with self._lock:
            if sending.key not in self._seen:
                self._seen[sending.key] = Answer(Outcome.SENT, f"demo-{len(self._seen) + 1}")
                while len(self._seen) > REMEMBERED:
                    self._seen.popitem(last=False)
            return self._seen[sending.key]

    def outcome(self, key: str) -> Answer:
        with self._lock:
            return self._seen.get(key, Answer(Outcome.ABSENT))


class NoGateway:
    """The way out of a portal for which nobody has set one up: it says so, and sends nothing."""

    def send(self, sending: Sending) -> Answer:
        logger.warning("no gateway for %s: a message was not sent", sending.channel)
        return Answer(Outcome.REFUSED, "no-gateway")

    def outcome(self, key: str) -> Answer:
        return Answer(Outcome.ABSENT)


class MailGateway:
    """Mail through Django's backend. No mail server can be asked about a key: a lost answer is never sent again."""

    def send(self, sending: Sending) -> Answer:
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("<> ") or "localhost"
        message = EmailMessage(
            sending.title, sending.text, to=[sending.address], headers={"Message-ID": f"<{sending.key}@{domain}>"}
        )
        connection = get_connection()
        try:
            connection.open()
        except OSError:
            return Answer(Outcome.FAILED)
        try:
            sent = connection.send_messages([message])
            return Answer(Outcome.SENT if sent else Outcome.REFUSED)
        except OSError:
            return Answer(Outcome.UNKNOWN)
        finally:
            connection.close()

    def outcome(self, key: str) -> Answer:
        return Answer(Outcome.UNKNOWN)


_demo = DemoGateway()
_none = NoGateway()
_mail = MailGateway()


@lru_cache(maxsize=1)
def _sms(url: str) -> Gateway:
    from portal.kernel.sms import SmsGateway

    return SmsGateway(url)


def gateway_for(channel: str) -> Gateway:
    """The way out for SMS or mail in this start: the demo's, the configured one, or none."""
    if settings.DEMO:
        return _demo
    if channel == "sms" and settings.SMS_URL:
        return _sms(settings.SMS_URL)
    if channel == "mail" and not settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        return _mail
    return _none
