"""A made-up register of any size: the same records for the same number, for whoever measures search."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from portal.kernel.search import Schema

FACETS = ("district", "problem", "object_class", "outcome", "sale_mode", "unit")
SCHEMA = Schema(
    "bench",
    text=("shop", "summary"),
    facets=(*FACETS, "shop_id"),
    dates=("published_on",),
    amounts=("paid_fen",),
    stored=("shop", "summary", "shop_id", *FACETS, "published_on"),
    suggests=("shop",),
    words={"商家": "shop"},
)
FIRST_DAY = date(2021, 12, 1)
DAYS = 5 * 365
PLACES = ("河西", "南开", "和平", "河东", "红桥", "西青", "津南", "北辰", "东丽", "武清")
TRADES = ("电器行", "服饰店", "饭庄", "美容院", "超市", "手机店", "家具城", "健身房", "培训班", "药房")
THINGS = (
    "空气净化器",
    "羽绒服",
    "手机",
    "沙发",
    "美容卡",
    "健身卡",
    "电饭煲",
    "自行车",
    "蛋糕",
    "眼镜",
    "打印机",
    "洗衣机",
)
FAULTS = (
    "拆封后不能退货",
    "屏幕失灵",
    "停业后余额不退",
    "标价与结账不一致",
    "过期",
    "尺码不符",
    "迟迟不发货",
    "维修后又坏",
)
ENDS = ("经调解退还全款", "双方达成一致", "商家同意更换", "商家赔礼道歉", "调解不成", "退还一半货款")


def records(count: int) -> Iterator[dict[str, Any]]:
    """*count* records over five years, of which about one in twelve speaks of any one thing."""
    dice = random.Random(7)
    for number in range(count):
        shop = dice.randrange(20_000)
        yield {
            "id": f"r{number:07d}",
            "shop": f"{PLACES[shop % 10]}示例{shop}号{TRADES[shop // 10 % 10]}",
            "shop_id": f"s{shop}",
            "summary": f"消费者买{dice.choice(THINGS)}，{dice.choice(FAULTS)}，{dice.choice(ENDS)}，第 {number} 件。",
            "district": f"1201{dice.randrange(16) + 1:02d}",
            "problem": f"P{dice.randrange(15) + 1:02d}",
            "object_class": f"G{dice.randrange(30) + 1:02d}",
            "outcome": dice.choice(("settled", "not_agreed", "self_settled", "merchant_refused")),
            "sale_mode": dice.choice(("offline", "platform", "live", "prepaid", "")),
            "unit": f"tj-1201{dice.randrange(16) + 1:02d}",
            "published_on": FIRST_DAY + timedelta(days=dice.randrange(DAYS)),
            "paid_fen": dice.randrange(10_000_00),
        }
