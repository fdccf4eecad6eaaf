"""The words of an agreement: the only place where a name is opened for the other side to read."""

from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _

from complaints.models import Case, Party
from mediation.models import Mediation, Offer
from mediation.rules import EFFECT
from mediation.selectors.words import claims_of
from portal.kernel import crypto, money


def compose(mediation: Mediation, offer: Offer) -> str:
    """What both sides will sign, in the language of the house; it holds the consumer's name, so seal it at once."""
    with translation.override("zh-hans"):
        return "\n".join([*_head(mediation), "", *_clauses(mediation.case, offer)])


def clauses(case: Case, offer: Offer) -> list[str]:
    """What was agreed, clause by clause, without a name of the consumer."""
    agreed = []
    if offer.amount_fen:
        agreed.append(
            _("被投诉人于 {day}前向投诉人支付 {yuan} 元（人民币{daxie}）。").format(
                day=said(offer.pay_by), yuan=money.yuan(offer.amount_fen), daxie=money.daxie(offer.amount_fen)
            )
        )
    terms = crypto.unseal(offer, "terms_sealed")
    if terms:
        agreed.append(terms)
    if not offer.amount_fen:
        agreed.append(_("上述各项于 {day}前办完。").format(day=said(offer.pay_by)))
    agreed.append(_("上述内容履行完毕，双方就本投诉再无其他争议。"))
    agreed.append(str(EFFECT))
    return agreed


def shop_name(case: Case) -> str:
    """The registered name of the shop, or the one the consumer wrote."""
    return case.shop.name if case.shop else case.respondent.name


def shop_address(case: Case) -> str:
    """Where the shop does business, as far as it is known."""
    return (case.shop.address if case.shop else "") or case.respondent.address


def said(day: date) -> str:
    """A day as papers write it."""
    return _("{year} 年 {month} 月 {day} 日").format(year=day.year, month=day.month, day=day.day)


def _head(mediation: Mediation) -> list[str]:
    case = mediation.case
    party = Party.objects.get(case=case)
    code = _("，统一社会信用代码 {code}").format(code=case.shop.uscc) if case.shop and case.shop.uscc else ""
    unit = case.unit.name if case.unit else ""
    mediator = mediation.mediator.display_name if mediation.mediator else ""
    return [
        _("调解协议"),
        _("投诉编号：{number}").format(number=case),
        _("投诉人：{name}").format(name=crypto.unseal(party, "name")),
        _("被投诉人：{name}{code}").format(name=shop_name(case), code=code),
        _("经营场所：{address}").format(address=shop_address(case)),
        _("调解机关：{unit}，调解员：{mediator}").format(unit=unit, mediator=mediator),
        _("争议事项：{title}").format(title=case.title),
        _("投诉请求：{claims}").format(claims=claims_of(case)),
    ]


def _clauses(case: Case, offer: Offer) -> list[str]:
    numbered = [f"{place}. {clause}" for place, clause in enumerate(clauses(case, offer), 1)]
    return [_("经调解，双方自愿达成如下协议："), *numbered]
