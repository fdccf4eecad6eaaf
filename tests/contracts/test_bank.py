"""What every bank behind the payment port promises. A real bank joins by its class and by accounts that behave so."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.utils.module_loading import import_string

from mediation.bank import Bank, Outcome, SandboxBank, get_bank
from mediation.models import SandboxTransfer
from portal.kernel.clock import SHANGHAI
from tests.build_money import COMES_BACK_ACCOUNT, GOOD_ACCOUNT, PENDING_ACCOUNT, RETURNED_ACCOUNT

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)


@pytest.fixture(params=["mediation.bank.SandboxBank"])
def bank(request: pytest.FixtureRequest) -> Bank:
    made: Bank = import_string(request.param)()
    return made


def send(bank: Bank, key: str, account: str = GOOD_ACCOUNT, fen: int = 79900) -> Outcome:
    return bank.transfer(key=key, amount_fen=fen, payee_name="林示例", payee_account=account).outcome


def outcome(bank: Bank, key: str) -> Outcome | None:
    found = bank.find(key)
    return found.outcome if found else None


def test_a_key_that_was_never_sent_is_unknown(bank: Bank) -> None:
    assert bank.find("nobody") is None


def test_what_was_sent_is_found_under_its_key(bank: Bank) -> None:
    sent = bank.transfer(key="k1", amount_fen=79900, payee_name="林示例", payee_account=GOOD_ACCOUNT)

    assert bank.find("k1") == sent
    assert sent.outcome == Outcome.PAID
    assert sent.reference


def test_one_key_moves_money_once(bank: Bank) -> None:
    first = bank.transfer(key="k1", amount_fen=79900, payee_name="林示例", payee_account=GOOD_ACCOUNT)
    again = bank.transfer(key="k1", amount_fen=79900, payee_name="王示例", payee_account=RETURNED_ACCOUNT)

    assert again == first
    assert SandboxTransfer.objects.count() == 1


def test_one_key_is_never_used_for_two_amounts(bank: Bank) -> None:
    send(bank, "k1", fen=79900)

    with pytest.raises(ValueError, match="two amounts"):
        send(bank, "k1", fen=79901)

    assert SandboxTransfer.objects.get().amount_fen == 79900


def test_different_keys_have_different_references(bank: Bank) -> None:
    references = {
        bank.transfer(key=key, amount_fen=1, payee_name="林", payee_account=GOOD_ACCOUNT).reference for key in "abc"
    }

    assert len(references) == 3


def test_a_wrong_account_is_returned_for_good(bank: Bank) -> None:
    assert send(bank, "k1", RETURNED_ACCOUNT) == Outcome.RETURNED
    assert outcome(bank, "k1") == Outcome.RETURNED


def test_a_transfer_may_take_its_time(bank: Bank) -> None:
    with time_machine.travel(NOW, tick=False) as travel:
        assert send(bank, "k1", PENDING_ACCOUNT) == Outcome.PENDING
        assert outcome(bank, "k1") == Outcome.PENDING
        travel.shift(timedelta(minutes=6))
        assert outcome(bank, "k1") == Outcome.PAID


def test_what_was_paid_may_still_come_back(bank: Bank) -> None:
    with time_machine.travel(NOW, tick=False) as travel:
        assert send(bank, "k1", COMES_BACK_ACCOUNT) == Outcome.PAID
        travel.shift(timedelta(hours=23))
        assert outcome(bank, "k1") == Outcome.PAID
        travel.shift(timedelta(hours=2))
        assert outcome(bank, "k1") == Outcome.RETURNED
        assert send(bank, "k1", COMES_BACK_ACCOUNT) == Outcome.RETURNED


def test_the_bank_in_use_is_a_matter_of_settings() -> None:
    assert isinstance(get_bank(), SandboxBank)
