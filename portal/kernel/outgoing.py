"""What leaves the house by SMS or mail: owed in a transaction, sent by a job, at most once."""

from datetime import timedelta

from django.db.models import F

from portal.kernel import clock, crypto, jobs, regions
from portal.kernel.gateways import Answer, Outcome, Sending, gateway_for
from portal.kernel.models.notice import Notice, OutgoingMessage

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(minutes=1)


def owe(
    name: str,
    *,
    channel: str,
    address: str,
    title: str,
    text: str,
    key: str,
    priority: jobs.Priority,
    notice: Notice | None = None,
) -> OutgoingMessage:
    """Owe one message in the current transaction, under a *key* that no message had before."""
    signed = f"【{regions.city().portal_name}】{text}" if channel == OutgoingMessage.Channel.SMS else text
    message = OutgoingMessage.objects.create(
        idempotency_key=key,
        name=name,
        notice=notice,
        channel=channel,
        address_sealed=crypto.Plain(address),
        title=title[:120],
        text_sealed=crypto.Plain(signed),
        created_at=clock.now(),
    )
    jobs.owe("notices.deliver", priority=priority, about=_subject_of(message), message_id=str(message.pk))
    return message


def _subject_of(message: OutgoingMessage) -> tuple[str, str]:
    notice = message.notice
    return (notice.subject_label, notice.subject_pk) if notice is not None else ("", "")


def owed_under(key: str) -> OutgoingMessage | None:
    """The message that was owed under *key*, if one was."""
    return OutgoingMessage.objects.filter(idempotency_key=key).first()


def owe_secret(phone: str, name: str, *, key: str, text: str) -> OutgoingMessage:
    """Owe an SMS whose text is a secret of its reader, such as a code; it goes before everything else."""
    return owe(
        name,
        channel="sms",
        address=phone,
        title="",
        text=text,
        key=f"secret-{key}",
        priority=jobs.Priority.RECEIPT,
    )


def _send(*, message_id: str) -> Answer | None:
    """Ask about a message whose outcome is unknown, else send it; from before the first try its outcome is unknown."""
    message = OutgoingMessage.objects.get(pk=message_id)
    if message.state in (OutgoingMessage.State.SENT, OutgoingMessage.State.FAILED):
        return None
    gateway = gateway_for(message.channel)
    if message.state == OutgoingMessage.State.UNKNOWN:
        known = gateway.outcome(message.idempotency_key)
        if known.outcome not in (Outcome.ABSENT, Outcome.FAILED):
            return known
    OutgoingMessage.objects.filter(pk=message.pk).update(
        attempts=F("attempts") + 1, state=OutgoingMessage.State.UNKNOWN
    )
    return gateway.send(
        Sending(
            key=message.idempotency_key,
            channel=message.channel,
            address=crypto.unseal(message, "address_sealed"),
            title=message.title,
            text=crypto.unseal(message, "text_sealed"),
        )
    )


@jobs.job("notices.deliver", act=_send)
def deliver(*, message_id: str, outcome: Answer | None) -> None:
    """Write down what became of a message, and owe another look while that can still help."""
    message = OutgoingMessage.objects.select_for_update().get(pk=message_id)
    if outcome is None or message.state == OutgoingMessage.State.SENT:
        return
    may_ask_again = message.attempts < MOST_ATTEMPTS
    if outcome.outcome is Outcome.SENT:
        message.state, message.sent_at = OutgoingMessage.State.SENT, clock.now()
    elif outcome.outcome is Outcome.REFUSED or (outcome.outcome is Outcome.FAILED and not may_ask_again):
        message.state = OutgoingMessage.State.FAILED
    else:
        is_unknown = outcome.outcome is Outcome.UNKNOWN
        message.state = OutgoingMessage.State.UNKNOWN if is_unknown else OutgoingMessage.State.OWED
        if is_unknown:
            message.attempts += 1
        if may_ask_again:
            later = clock.now() + FIRST_WAIT * 2 ** (message.attempts - 1)
            jobs.owe("notices.deliver", due_at=later, about=_subject_of(message), message_id=message_id)
    message.reference = outcome.reference[:80]
    message.save(update_fields=["state", "sent_at", "attempts", "reference"])
