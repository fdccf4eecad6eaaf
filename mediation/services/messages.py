"""What is said in a lane: numbered without gaps under the lane's lock, sealed, never changed."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from mediation.access import side_of
from mediation.models import Lane, Mediation, Message, Side
from mediation.rules import LONGEST_MESSAGE, MOST_MESSAGES_A_MINUTE
from mediation.services.telling import people
from portal.kernel import clock, crypto, events, notices, realtime
from portal.kernel.access import Who
from portal.kernel.errors import Refused, not_found
from portal.kernel.models import Notice, User
from portal.kernel.subjects import label_and_pk

TELL_AGAIN_AFTER = timedelta(hours=1)


def group_of(lane: Lane) -> str:
    """The group of sockets that are nudged when *lane* moves on."""
    return f"lane.{lane.public_id}"


@transaction.atomic
def post(*, lane_id: int, text: str, key: str, who: Who) -> Message:
    """Say something in the joint lane. The same *key* again is the same message, with nothing said twice.

    Refused: `not_found` to strangers (and for every lane but the joint one), `not_the_mediator` to colleagues,
    `talks_closed` before the talks begin and after they end, `message_empty` and `message_long` (field text),
    `too_fast` after thirty lines within a minute, `idempotency_key_reused` when the key already carried other words.
    """
    lane = Lane.objects.select_for_update().filter(pk=lane_id, kind=Lane.Kind.JOINT).first()
    if lane is None:
        raise not_found()
    mediation = Mediation.objects.select_related("case", "mediator").get(pk=lane.mediation_id)
    side = side_of(who, mediation)
    if side is None or not isinstance(who, User):
        raise not_found()
    if side == Side.MEDIATOR and mediation.mediator_id != who.pk:
        raise Refused("not_the_mediator", _("这场调解由别的调解员主持。请先接手，再办理。"), status=403)
    words = _words(text)
    said = Message.objects.filter(lane=lane, by=who, key=key).first() if key else None
    if said is not None:
        return _same(said, words)
    if mediation.state not in Mediation.TALKING:
        raise Refused("talks_closed", _("调解室现在不能说话：调解还没有开始，或者已经结束。"))
    _refuse_a_flood(lane, who)
    message = _append(lane, side=side, by=who, text=words, key=key)
    events.record("message.posted", lane, actor=who, seq=message.seq, side=side)
    _tell_the_others(mediation, side)
    return message


def note(mediation: Mediation, code: str, *, side: Side | None = None, by: User | None = None, about: str = "") -> None:
    """Put a line of the house into the joint lane: what happened (*code*) to what (*about*, an id or a day)."""
    lane = Lane.objects.select_for_update().get(mediation=mediation, kind=Lane.Kind.JOINT)
    _append(lane, side=side or "", by=by, text=about, code=code)


def _append(lane: Lane, *, side: str, by: User | None, text: str, key: str = "", code: str = "") -> Message:
    lane.last_seq += 1
    lane.save(update_fields=["last_seq"])
    message = Message(
        lane=lane, seq=lane.last_seq, side=side, by=by, note=code, text=crypto.Plain(text), key=key, at=clock.now()
    )
    message.save(force_insert=True)
    realtime.nudge(group_of(lane), seq=message.seq)
    return message


def _refuse_a_flood(lane: Lane, who: User) -> None:
    since = clock.now() - timedelta(minutes=1)
    if lane.messages.filter(by=who, note="", at__gt=since).count() >= MOST_MESSAGES_A_MINUTE:
        raise Refused("too_fast", _("说得太快了，请过一分钟再发。"), field="text", status=429)


def _words(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise Refused("message_empty", _("请先写一句话。"), field="text")
    if len(words) > LONGEST_MESSAGE:
        raise Refused(
            "message_long", _("一次最多写 {most} 个字，可以分几次说。").format(most=LONGEST_MESSAGE), field="text"
        )
    return words


def _same(said: Message, words: str) -> Message:
    if crypto.unseal(said, "text") != words:
        raise Refused("idempotency_key_reused", _("这一页已经发过别的话，请刷新页面再写。"), status=422)
    return said


def _tell_the_others(mediation: Mediation, speaker: Side) -> None:
    label, pk = label_and_pk(mediation)
    since = clock.now() - TELL_AGAIN_AFTER
    for side in Side:
        if side == speaker:
            continue
        url_name = "mediation:bench" if side == Side.MEDIATOR else "mediation:room"
        for user in people(mediation, side):
            lately = Notice.objects.filter(
                user=user, name="room.spoken", subject_label=label, subject_pk=pk, created_at__gt=since
            )
            if not lately.exists():
                notices.tell(
                    user,
                    "room.spoken",
                    subject=mediation,
                    url_name=url_name,
                    url_args=[mediation.public_id],
                    params={"number": str(mediation.case)},
                )
