"""Jobs, clocks and papers of first payout, and how the desk shows its clocks."""

from pathlib import Path

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from mediation import payout_rules
from mediation.models import Claim
from mediation.selectors import claims as selectors
from mediation.services import payments
from portal.kernel import access, calendars, documents, jobs, money
from portal.kernel.calendars import Presented
from portal.kernel.models import Document

calendars.register(payout_rules.CHAPTER, *payout_rules.clocks())
documents.register(
    "recourse_letter",
    template=Path(__file__).parent / "documents" / "recourse.typ",
    title=_("先行赔付追偿通知书"),
    numbered=True,
)


@jobs.job("send_payment", jobs.Priority.CLOCK, act=payments.transfer)
def send_payment(*, payment_id: int, outcome: dict[str, str]) -> None:
    """Pay a decided claim through the bank and book what it answered."""
    payments.settle(payment_id=payment_id, **outcome)


@jobs.job("watch_payment", act=payments.ask)
def watch_payment(*, payment_id: int, look: int, outcome: dict[str, str]) -> None:
    """Ask some days later whether the bank sent the money back."""
    payments.watch(payment_id=payment_id, look=look, **outcome)


def present(pks: list[int]) -> dict[int, Presented]:
    """How the desk's queue shows a claim."""
    rows = Claim.objects.filter(pk__in=pks).select_related("agreement__mediation__case__shop")
    return {
        row.pk: Presented(
            title=str(row.agreement.mediation.case.shop),
            url=reverse("mediation:desk_claim", args=[row.public_id]),
            gist=f"{row.number} · {money.yuan(row.amount_fen)} 元",
            stage=row.get_state_display(),
        )
        for row in rows
    }


def may_read_letter(document: Document, who: access.Who) -> bool:
    """The demand letter is for the shop and for the fund's people."""
    claim = selectors.claims_open_to(who).filter(pk=int(document.subject_pk)).first()
    return claim is not None and claim.applied_by != who


calendars.presents(Claim._meta.label_lower, present, *payout_rules.FUND_ROLES)
documents.register_subject(Claim._meta.label_lower, may_read_letter)
