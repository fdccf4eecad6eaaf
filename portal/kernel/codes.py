"""Fresh six-digit codes that prove a phone is in someone's hand at this moment.

A code belongs to one phone, one purpose and one subject (for a signature, the hash that is signed). It lives five
minutes, bears five tries and opens once.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.kernel import access_log, clock, crypto, outgoing, phones
from portal.kernel.errors import Refused, Sentence
from portal.kernel.models.notice import PhoneCode

LIFE = timedelta(minutes=5)
MOST_TRIES = 5
AN_HOUR = timedelta(hours=1)
MOST_FOR_A_PURPOSE = 5
MOST_FOR_A_PHONE = 10
IDENTITY = _("核对身份")


@dataclass(frozen=True)
class Proof:
    """That the holder of a phone entered its code: what a signature keeps."""

    phone_index: str
    purpose: str
    subject: str
    proved_at: datetime
    code_id: str


def _hash(row: PhoneCode, code: str) -> str:
    return crypto.blind_index("phone-code", f"{row.pk}:{code}")


def index_of(phone: str) -> str:
    """The blind index of a phone, however it is written."""
    return crypto.blind_index("phone", phones.normalize(phone))


@transaction.atomic
def issue(phone: str, purpose: str, subject: str = "", *, use: Sentence = IDENTITY) -> PhoneCode:
    """Send *phone* a new code, which says what it is good for (*use*).

    An older one for the same purpose and subject no longer opens.

    Refused when the phone is none (`phone`), or had a code for this purpose within the last minute, five within the
    hour, or ten for all purposes (`code_too_soon`, `code_too_many`).
    """
    number = phones.mobile(phone)
    now = clock.now()
    sent = PhoneCode.objects.filter(phone_index=index_of(number), created_at__gt=now - AN_HOUR)
    for_purpose = sent.filter(purpose=purpose)
    latest = for_purpose.order_by("-created_at").first()
    if latest is not None and latest.created_at > now - timedelta(minutes=1):
        raise _too_soon(60 - int((now - latest.created_at).total_seconds()))
    if for_purpose.count() >= MOST_FOR_A_PURPOSE or sent.count() >= MOST_FOR_A_PHONE:
        raise Refused(
            "code_too_many", _("这个手机号一小时内要的验证码太多了，请一小时后再试。"), field="phone", status=429
        )
    sent.filter(purpose=purpose, subject=subject, used_at=None, superseded_at=None).update(superseded_at=now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    row = PhoneCode(
        phone_index=index_of(number),
        purpose=purpose,
        subject=subject,
        created_at=now,
        minute=int(now.timestamp()) // 60,
        expires_at=now + LIFE,
    )
    row.code_hash = _hash(row, code)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise _too_soon(60) from error
    text = gettext("验证码 %(code)s，用于%(use)s，5 分钟内有效。请不要告诉任何人，工作人员也不会向您要。")
    text %= {"code": code, "use": use}
    outgoing.owe_secret(number, f"code.{purpose}", key=str(row.pk), text=text)
    return row


def _too_soon(seconds: int) -> Refused:
    return Refused(
        "code_too_soon",
        _("验证码刚刚发过，请过 %(seconds)d 秒再要。") % {"seconds": max(1, seconds)},
        field="phone",
        status=429,
    )


def verify(phone: str, purpose: str, subject: str, code: str) -> Proof:
    """Use up the code that was sent; refused (`code_wrong`, `code_expired`, `code_spent`, field `code`) otherwise.

    A wrong try counts even when what it was for is refused, so this is called before, never inside, the transaction of
    what it allows: inside one it raises RuntimeError.
    """
    if connection.in_atomic_block and not getattr(connection.atomic_blocks[-1], "_from_testcase", False):
        raise RuntimeError("a code is verified before the transaction of what it allows")
    with transaction.atomic():
        row = (
            PhoneCode.objects.select_for_update()
            .filter(phone_index=index_of(phone), purpose=purpose, subject=subject, used_at=None, superseded_at=None)
            .order_by("-created_at")
            .first()
        )
        refusal = _tried(row, "".join(code.split()))
    if refusal is not None or row is None:
        access_log.refused(f"phone_code.{purpose}"[:30])
        raise refusal or _expired()
    return Proof(row.phone_index, purpose, subject, row.used_at or clock.now(), str(row.pk))


def _tried(row: PhoneCode | None, code: str) -> Refused | None:
    now = clock.now()
    if row is None or row.expires_at <= now:
        return _expired()
    if row.tries >= MOST_TRIES:
        return Refused("code_spent", _("这个验证码输错太多次，已经作废，请重新获取。"), field="code", status=400)
    row.tries += 1
    is_right = hmac.compare_digest(row.code_hash, _hash(row, code))
    if is_right:
        row.used_at = now
    row.save(update_fields=["tries", "used_at"])
    if is_right:
        return None
    left = MOST_TRIES - row.tries
    return Refused(
        "code_wrong",
        _("验证码不对，请核对短信里的 6 位数字。还可以再试 %(left)d 次。") % {"left": left},
        field="code",
        status=400,
    )


def _expired() -> Refused:
    return Refused("code_expired", _("验证码已经过期或者用过了，请重新获取。"), field="code", status=400)
