"""Form 九 (投诉调解书) from a signed agreement."""

from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.models import Party
from mediation.models import Agreement, Side
from mediation.rules import EFFECT, RECORD_ARTICLE
from mediation.selectors.words import claims_of
from mediation.services import agreement_text
from portal.kernel import clock, crypto, documents, phones
from portal.kernel.models import Document, User

FORMS = Path(__file__).resolve().parent.parent / "documents"
MEDIATION = "form09"

documents.register(MEDIATION, template=FORMS / "form09.typ", title=gettext_lazy("投诉调解书"), numbered=True)


def issue(agreement: Agreement, *, actor: User) -> Document:
    """Issue form 九 for both parties and the file; call in the transaction of the second signature.

    Each side gets the same sheet, so the consumer's telephone stands on it masked; the bureau holds it in full.
    """
    case = agreement.mediation.case
    with translation.override("zh-hans"):
        data = _data(agreement)
    return documents.issue(MEDIATION, subject=agreement, data=data, unit=case.unit, actor=actor)


def _data(agreement: Agreement) -> dict[str, Any]:
    mediation = agreement.mediation
    case = mediation.case
    party = Party.objects.get(case=case)
    return {
        "case_number": str(case),
        "matter": case.title,
        "consumer": crypto.unseal(party, "name"),
        "consumer_contact": phones.mask(crypto.unseal(party, "phone")),
        "shop": agreement_text.shop_name(case),
        "shop_address": agreement_text.shop_address(case),
        "claims": claims_of(case),
        "basis": str(RECORD_ARTICLE),
        "clauses": agreement_text.clauses(case, agreement.offer)[:-1],
        "effect": str(EFFECT),
        "sha256": agreement.sha256,
        "signatures": [
            {"side": _side(signature.side), "method": _("短信验证码"), "at": _minute(signature.at)}
            for signature in agreement.signatures.order_by("at", "pk")
        ],
        "mediator": mediation.mediator.display_name if mediation.mediator else "",
    }


def _side(side: str) -> str:
    return _("投诉人") if side == Side.CONSUMER else _("被投诉人")


def _minute(moment: Any) -> str:
    here = moment.astimezone(clock.SHANGHAI)
    return f"{agreement_text.said(here.date())} {here:%H:%M}"
