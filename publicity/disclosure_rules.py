"""Numbers and words of the public register and the monthly releases."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.kernel import calendars
from publicity.models import CaseFact

SINCE = date(2020, 1, 1)
VISIBLE_DAYS = 365
SMALLEST_CELL = 5

CLOCKS = (calendars.Rule("D41", "WD", 7, "公示规则（参考值）", _("办结后公示"), calendars.STANDING, SINCE),)

DISCLOSABLE_OUTCOMES = frozenset(
    {
        CaseFact.Outcome.SETTLED,
        CaseFact.Outcome.NOT_AGREED,
        CaseFact.Outcome.MERCHANT_REFUSED,
        CaseFact.Outcome.SELF_SETTLED,
    }
)

NOT_A_FINDING = _("内容是消费者一方的陈述，由工作人员去掉个人信息后发布。公示不代表认定商家违法。")
