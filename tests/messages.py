"""Reading what the portal sent, as its reader would."""

import re

from portal.kernel import crypto, phones
from portal.kernel.models import OutgoingMessage

CODE = re.compile(r"(?<!\d)\d{6}(?!\d)")


def texts_to(phone: str) -> list[str]:
    """Every SMS owed or sent to *phone*, oldest first."""
    rows = OutgoingMessage.objects.filter(channel="sms").order_by("created_at", "pk")
    number = phones.normalize(phone)
    return [crypto.unseal(row, "text_sealed") for row in rows if crypto.unseal(row, "address_sealed") == number]


def code_sent_to(phone: str) -> str:
    """The latest phone code that *phone* received."""
    codes = [found[0] for text in texts_to(phone) if (found := CODE.search(text)) and "验证码" in text]
    return codes[-1]
