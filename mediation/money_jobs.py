"""Jobs of first payout."""

from mediation.services import payments
from portal.kernel import jobs


@jobs.job("send_payment", act=payments.transfer)
def send_payment(*, payment_id: int, outcome: dict[str, str | bool]) -> None:
    """Pay a decided claim through the bank and book what it answered."""
    payments.settle(
        payment_id=payment_id, reference=str(outcome["reference"]), was_returned=bool(outcome["was_returned"])
    )
