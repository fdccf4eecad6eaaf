"""The law and the house rules of the talks: each number once, with its article; [D] numbers are ours to choose.

Its periods stand in `period_rules`.
"""

from django.utils.translation import gettext_lazy as _

CONSENT = "CONSENT"

LONGEST_MESSAGE = 1000
MOST_MESSAGES_A_MINUTE = 30
LONGEST_TERMS = 500
MOST_OFFER_FEN = 100_000_000_00
ANSWER_WITHIN_DAYS = 30
PAY_WITHIN_DAYS = 365
ANSWER_CHOICES = (1, 3, 5, 7, 10)
PAY_CHOICES = (3, 7, 10, 15, 20, 30, 60)

CONSENT_ARTICLE = _("《市场监督管理投诉举报处理办法》第十八条")
APPRAISAL_ARTICLE = _("《市场监督管理投诉举报处理办法》第二十二条")
PERIOD_ARTICLE = _("《市场监督管理投诉举报处理办法》第二十二条、第二十三条")
RECORD_ARTICLE = _("《市场监督管理投诉举报处理办法》第二十四条、第二十五条")
EFFECT = _(
    "本协议自双方签名之日起生效，双方应当履行。一方不履行的，对方可以按照《中华人民共和国消费者权益保护法》第三十九条规定，"
    "通过仲裁、民事诉讼等途径解决；本协议不能直接申请强制执行。"
)

MAY_HELP = (
    (
        _("经营者提供商品或者服务有欺诈行为的，增加赔偿购买价款或者服务费用的三倍，不足五百元的按五百元。"),
        _("《中华人民共和国消费者权益保护法》第五十五条"),
    ),
    (
        _("商品不符合质量要求的，消费者可以依法律规定或者约定退货，或者要求更换、修理。"),
        _("《中华人民共和国消费者权益保护法》第二十四条"),
    ),
)
