"""The periods that bind shops towards consumers: each number once, with its article."""

from django.utils.translation import gettext_lazy as _

from portal.kernel.calendars import (
    CD,
    STANDING,
    WD,
    Chapter,
    Rule,
    Shape,
    laws,
    register,
)

CHAPTER = Chapter("publicity", _("退换货和经营者的义务"), 60)


CLOCKS = (
    Rule(
        code="D24",
        title=_("七日无理由退货"),
        starts=_("收到用网络、电视、电话、邮购等方式买的商品"),
        duty=_("消费者可以无理由退货"),
        unit=CD,
        length=7,
        basis=laws.CONSUMERS.at("第二十五条"),
        also=(laws.SEVEN_DAYS.at("第十条"),),
        regime=STANDING,
        from_date=laws.CONSUMERS.from_date,
        note=_("签收的次日是第一天。"),
    ),
    Rule(
        code="D25",
        title=_("无理由退货退款"),
        starts=_("经营者收到退回的商品"),
        duty=_("经营者退还价款"),
        unit=CD,
        length=7,
        basis=laws.CONSUMERS.at("第二十五条第三款"),
        also=(laws.SEVEN_DAYS.at("第十三条"), laws.SEVEN_DAYS.at("第三十一条")),
        regime=STANDING,
        from_date=laws.CONSUMERS.from_date,
    ),
    Rule(
        code="D26",
        title=_("故意拖延"),
        starts=_("消费者提出要求，或者约定的期满"),
        duty=_("经营者履行退货、修理、退款等义务；超过的视为故意拖延"),
        unit=CD,
        length=15,
        basis=laws.CONSUMER_WRONGS.at("第八条"),
        also=(laws.CONSUMER_WRONGS.at("第九条"),),
        regime=STANDING,
        from_date=laws.CONSUMER_WRONGS.from_date,
    ),
    Rule(
        code="D27a",
        title=_("汽车换退货答复"),
        starts=_("销售者收到换车、退车的要求"),
        duty=_("销售者答复；不符合条件的说明理由"),
        unit=WD,
        length=10,
        basis=laws.CARS.at("第二十八条"),
        regime=STANDING,
        from_date=laws.CARS.from_date,
    ),
    Rule(
        code="D27b",
        title=_("汽车换退货完成"),
        starts=_("消费者提出换车、退车的要求"),
        duty=_("销售者为符合条件的消费者完成更换或者退货"),
        unit=WD,
        length=20,
        basis=laws.CARS.at("第二十八条"),
        regime=STANDING,
        from_date=laws.CARS.from_date,
        note=_("消费者造成的延迟除外。"),
    ),
    Rule(
        code="D33",
        title=_("停业、迁址告知"),
        starts=_("经营者停业或者迁移经营场所"),
        duty=_("经营者告诉已预付款的消费者"),
        unit=CD,
        length=30,
        shape=Shape.BEFORE,
        basis=laws.CONSUMERS_RULES.at("第二十二条"),
        also=(laws.CONSUMERS_RULES.at("第二十一条"),),
        regime=STANDING,
        from_date=laws.CONSUMERS_RULES.from_date,
    ),
)
register(CHAPTER, *CLOCKS)
