"""The periods of the talks and of judicial confirmation: each number once, with its article."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from mediation.rules import CONSENT
from portal.kernel.calendars import (
    CD,
    ORDER121,
    STANDING,
    WD,
    Certainty,
    Chapter,
    Rule,
    Shape,
    laws,
    register,
)

SINCE = date(2020, 1, 1)
CHAPTER = Chapter("mediation", _("调解和司法确认"), 40)


CLOCKS = (
    Rule(
        code=CONSENT,
        title=_("答复是否同意调解"),
        starts=_("收到调解邀请"),
        duty=_("双方答复是否同意调解"),
        unit=WD,
        length=5,
        basis=laws.COMPLAINTS.at("第十八条"),
        certainty=Certainty.HOUSE,
        regime=STANDING,
        from_date=SINCE,
    ),
    Rule(
        code="D04",
        title=_("现场调解通知"),
        starts=_("现场调解"),
        duty=_("把时间、地点和调解人员告诉双方"),
        unit=WD,
        length=3,
        shape=Shape.BEFORE,
        basis=laws.COMPLAINTS.at("第二十条第二款"),
        certainty=Certainty.HOUSE,
        regime=ORDER121,
        from_date=laws.COMPLAINTS.from_date,
        note=_("法律要求提前告知，没有写明天数。"),
    ),
    Rule(
        code="D05",
        title=_("申请回避"),
        starts=_("收到调解通知"),
        duty=_("可以申请调解人员回避"),
        unit=CD,
        length=3,
        basis=laws.COMPLAINTS.at("第二十一条第二款"),
        certainty=Certainty.HOUSE,
        regime=ORDER121,
        from_date=laws.COMPLAINTS.from_date,
        note=_("是否回避决定以前，调解中止。"),
    ),
    Rule(
        code="D21",
        title=_("申请司法确认"),
        starts=_("调解协议生效"),
        duty=_("双方可以共同申请法院确认"),
        unit=CD,
        length=30,
        basis=laws.CIVIL_PROCEDURE.at("第二百零五条"),
        also=(laws.PEOPLES_MEDIATION.at("第三十三条"),),
        regime=STANDING,
        from_date=laws.CIVIL_PROCEDURE.from_date,
    ),
    Rule(
        code="D22a",
        title=_("司法确认受理"),
        starts=_("法院收到司法确认申请"),
        duty=_("法院决定是否受理"),
        unit=CD,
        length=3,
        basis=laws.CONFIRMATION.at("第四条"),
        regime=STANDING,
        from_date=laws.CONFIRMATION.from_date,
    ),
    Rule(
        code="D22b",
        title=_("司法确认决定"),
        starts=_("法院受理司法确认申请"),
        duty=_("法院决定是否确认"),
        unit=CD,
        length=15,
        basis=laws.CONFIRMATION.at("第五条"),
        also=(laws.CONFIRMATION.at("第十一条"),),
        regime=STANDING,
        from_date=laws.CONFIRMATION.from_date,
        extension=10,
        approver=_("法院院长"),
        note=_("不收费。"),
    ),
)
register(CHAPTER, *CLOCKS)
