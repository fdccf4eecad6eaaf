"""The periods of disclosure: each number once, with its article."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from portal.kernel.calendars import (
    STANDING,
    WD,
    Certainty,
    Chapter,
    Rule,
    Shape,
    Unit,
    laws,
    register,
)

SINCE = date(2020, 1, 1)
PUBLISH = "D41"
"""The clock from closing to publication."""

VISIBLE = "D42"
"""How long a record stays public; statistics keep its fact."""

CHAPTER = Chapter("publicity", _("信息公示"), 50)


CLOCKS = (
    Rule(
        code=PUBLISH,
        title=_("办结后公示"),
        starts=_("投诉办结"),
        duty=_("公示经消费者同意、去掉个人信息的结果"),
        unit=WD,
        length=7,
        basis=laws.HOUSE.at(),
        certainty=Certainty.HOUSE,
        regime=STANDING,
        from_date=SINCE,
    ),
    Rule(
        code=VISIBLE,
        title=_("投诉公示期"),
        starts=_("投诉结果公示"),
        duty=_("公开显示一件投诉，期满不再公开"),
        unit=Unit.YEARS,
        length=1,
        shape=Shape.LASTING,
        basis=laws.NATIONAL_REGISTER.at(),
        certainty=Certainty.PRACTICE,
        regime=STANDING,
        from_date=SINCE,
    ),
    Rule(
        code="D43",
        title=_("答复异议"),
        starts=_("收到对公示的异议"),
        duty=_("答复提出异议的人"),
        unit=WD,
        length=7,
        basis=laws.HOUSE.at(),
        certainty=Certainty.HOUSE,
        regime=STANDING,
        from_date=SINCE,
    ),
    Rule(
        code="D44a",
        title=_("撤回错误公示"),
        starts=_("认定公示有误"),
        duty=_("撤回这条公示"),
        unit=WD,
        length=3,
        basis=laws.PENALTY_PUBLICITY.at("第十一条"),
        certainty=Certainty.HOUSE,
        regime=STANDING,
        from_date=SINCE,
        note=_("参照处罚信息的撤回期限。"),
    ),
    Rule(
        code="D44b",
        title=_("暂停有疑问的公示"),
        starts=_("发现公示明显可能有误"),
        duty=_("先暂停显示这条公示"),
        unit=WD,
        length=1,
        basis=laws.HOUSE.at(),
        certainty=Certainty.HOUSE,
        regime=STANDING,
        from_date=SINCE,
    ),
    Rule(
        code="D34",
        title=_("主动公开政府信息"),
        starts=_("政府信息形成或者变更"),
        duty=_("公开属于主动公开范围的信息"),
        unit=WD,
        length=20,
        basis=laws.OPEN_GOVERNMENT.at("第二十六条"),
        regime=STANDING,
        from_date=laws.OPEN_GOVERNMENT.from_date,
    ),
    Rule(
        code="D35",
        title=_("征求第三方意见"),
        starts=_("第三方收到征求意见书"),
        duty=_("第三方提出意见"),
        unit=WD,
        length=15,
        basis=laws.OPEN_GOVERNMENT.at("第三十二条"),
        regime=STANDING,
        from_date=laws.OPEN_GOVERNMENT.from_date,
        note=_("逾期没有意见的，由行政机关决定是否公开。"),
    ),
)
register(CHAPTER, *CLOCKS)
