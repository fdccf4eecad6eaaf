"""The house rules of filing: lengths, limits, kinds of identity paper, ways of buying, and the wording of consents."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.errors import Sentence

CONSENT_TEXT_VERSION = "2026-11"
PRIVACY_TEXT_VERSION = "2026-11"

FEWEST_FACTS_CHARS = 10
MOST_FACTS_CHARS = 2000
MOST_TITLE_CHARS = 60
FEWEST_ADDRESS_CHARS = 5
MOST_ADDRESS_CHARS = 200
MOST_NAME_CHARS = 60
MOST_SHOP_NAME_CHARS = 120
MOST_UPLOADS = 10
EARLIEST_YEAR = 1990

DRAFT_DAYS = 30
RESUME_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
RESUME_CHARS = 8

MONEY_CLAIMS = frozenset({"refund", "compensate"})

RESIDENT_ID = "resident_id"
RESIDENCE_PERMIT = "residence_permit"
ID_TYPES: dict[str, Sentence] = {
    RESIDENT_ID: _("居民身份证"),
    RESIDENCE_PERMIT: _("港澳台居民居住证"),
    "hk_macao_permit": _("港澳居民来往内地通行证"),
    "taiwan_permit": _("台湾居民来往大陆通行证"),
    "foreign_permanent": _("外国人永久居留证"),
    "passport": _("护照"),
}

SALE_MODES: dict[str, Sentence] = {
    "offline": _("在店里"),
    "platform": _("网上平台"),
    "own_site": _("商家自己的网站或者小程序"),
    "live": _("直播间"),
    "prepaid": _("办卡、预付款"),
    "door": _("上门推销"),
    "phone": _("电话订购"),
    "mail": _("邮购"),
    "tv": _("电视购物"),
}
