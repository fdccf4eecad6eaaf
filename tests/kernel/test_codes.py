from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import transaction

from portal.kernel import codes
from portal.kernel.errors import Refused
from portal.kernel.models import AccessRecord, OutgoingMessage, PhoneCode
from tests.messages import code_sent_to, texts_to

pytestmark = pytest.mark.django_db
PHONE = "13900000001"
NOON = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_code_that_was_sent_opens_once() -> None:
    codes.issue("139 0000 0001", "sign", "hash-1")
    code = code_sent_to(PHONE)

    proof = codes.verify("+86 13900000001", "sign", "hash-1", f" {code[:3]} {code[3:]} ")

    assert (proof.phone_index, proof.purpose, proof.subject) == (codes.index_of(PHONE), "sign", "hash-1")
    with pytest.raises(Refused, match="code_expired"):
        codes.verify(PHONE, "sign", "hash-1", code)


def test_neither_the_code_nor_the_phone_lies_readable_in_the_database() -> None:
    row = codes.issue(PHONE, "login")
    code = code_sent_to(PHONE)
    message = OutgoingMessage.objects.get()

    assert code not in row.code_hash
    assert code.encode() not in bytes(message.text_sealed)
    assert PHONE.encode() not in bytes(message.address_sealed)
    assert message.title == ""
    assert texts_to(PHONE) == [
        f"【天津消费维权】验证码 {code}，用于核对身份，5 分钟内有效。请不要告诉任何人，工作人员也不会向您要。"
    ]


@pytest.mark.parametrize(
    ("purpose", "subject", "phone"),
    [("login", "hash-1", PHONE), ("sign", "hash-2", PHONE), ("sign", "hash-1", "13900000002")],
)
def test_a_code_opens_only_what_it_was_sent_for(purpose: str, subject: str, phone: str) -> None:
    codes.issue(PHONE, "sign", "hash-1")

    with pytest.raises(Refused, match="code_expired"):
        codes.verify(phone, purpose, subject, code_sent_to(PHONE))


def test_a_code_dies_after_five_minutes() -> None:
    with time_machine.travel(NOON, tick=False):
        codes.issue(PHONE, "login")
    with time_machine.travel(NOON + timedelta(minutes=4, seconds=59), tick=False):
        assert PhoneCode.objects.get().tries == 0
    with time_machine.travel(NOON + timedelta(minutes=5), tick=False), pytest.raises(Refused, match="code_expired"):
        codes.verify(PHONE, "login", "", code_sent_to(PHONE))


def test_five_wrong_tries_spend_a_code_and_each_is_recorded() -> None:
    codes.issue(PHONE, "login")
    code = code_sent_to(PHONE)
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(Refused, match="code_wrong") as refusal:
            codes.verify(PHONE, "login", "", wrong(code))
        assert f"还可以再试 {left} 次" in str(refusal.value.sentence)
        assert refusal.value.field == "code"

    with pytest.raises(Refused, match="code_spent"):
        codes.verify(PHONE, "login", "", code)
    assert AccessRecord.objects.filter(kind="phone_code.login", was_refused=True).count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_wrong_try_counts_whatever_becomes_of_what_it_was_for() -> None:
    codes.issue(PHONE, "sign")
    code = code_sent_to(PHONE)

    with pytest.raises(RuntimeError), transaction.atomic():
        codes.verify(PHONE, "sign", "", code)
    with pytest.raises(Refused, match="code_wrong"):
        codes.verify(PHONE, "sign", "", wrong(code))

    assert PhoneCode.objects.get().tries == 1


def test_a_newer_code_replaces_the_older() -> None:
    with time_machine.travel(NOON, tick=False):
        codes.issue(PHONE, "login")
        first = code_sent_to(PHONE)
    with time_machine.travel(NOON + timedelta(seconds=61), tick=False):
        codes.issue(PHONE, "login")
        if first != code_sent_to(PHONE):
            with pytest.raises(Refused, match="code_wrong"):
                codes.verify(PHONE, "login", "", first)
        assert codes.verify(PHONE, "login", "", code_sent_to(PHONE))


def test_one_code_a_minute_for_a_purpose() -> None:
    with time_machine.travel(NOON, tick=False):
        codes.issue(PHONE, "login")
        codes.issue(PHONE, "sign", "hash")
    with time_machine.travel(NOON + timedelta(seconds=40), tick=False):
        with pytest.raises(Refused, match="code_too_soon") as refusal:
            codes.issue(PHONE, "login")
        assert "20 秒" in str(refusal.value.sentence)
    assert len(texts_to(PHONE)) == 2


def test_five_codes_an_hour_for_a_purpose_and_ten_for_a_phone() -> None:
    for minute in range(5):
        with time_machine.travel(NOON + timedelta(minutes=2 * minute), tick=False):
            codes.issue(PHONE, "login")
            codes.issue(PHONE, "sign")
    with time_machine.travel(NOON + timedelta(minutes=20), tick=False):
        for purpose in ("login", "resume"):
            with pytest.raises(Refused, match="code_too_many"):
                codes.issue(PHONE, purpose)
        codes.issue("13900000002", "login")
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        codes.issue(PHONE, "login")
    assert len(texts_to(PHONE)) == 11


@pytest.mark.parametrize("phone", ["", "12345", "02288888888", "1390000000１x", "' OR 1=1"])
def test_what_is_no_mobile_number_gets_no_code(phone: str) -> None:
    with pytest.raises(Refused) as refusal:
        codes.issue(phone, "login")

    assert refusal.value.field == "phone"
    assert PhoneCode.objects.count() == 0
    assert OutgoingMessage.objects.count() == 0
