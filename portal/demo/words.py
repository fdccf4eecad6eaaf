"""What the demo city tells: invented shops, persons and stories. Names carry 示例; the numbers belong to nobody."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ShopWords:
    """One invented shop."""

    name: str
    signboard: str
    district: str
    address: str
    trade: str
    has_pledge: bool = False
    alias: str = ""


SHOPS = (
    ShopWords(
        "天津五大道示例服饰有限公司",
        "五大道示例服饰",
        "120101",
        "和平区示例路 101 号",
        "department_store",
        has_pledge=True,
    ),
    ShopWords(
        "天津海河示例商贸有限公司",
        "海河示例数码店",
        "120104",
        "南开区示例道 20 号示例广场二层 B217",
        "department_store",
        has_pledge=True,
        alias="海河数码",
    ),
    ShopWords("天津花堤示例美容服务有限公司", "花堤示例美容馆", "120104", "南开区示例里 7 号", "beauty"),
    ShopWords(
        "天津津味示例餐饮管理有限公司",
        "津味示例饭庄（鼓楼店）",
        "120104",
        "南开区示例东街 1 号",
        "catering",
        has_pledge=True,
    ),
    ShopWords("天津北安桥示例酒店有限公司", "北安桥示例酒店", "120101", "和平区示例大街 66 号", "lodging"),
    ShopWords("天津子牙示例车辆销售有限公司", "子牙示例车行", "120106", "红桥区示例路 38 号", "car_trade"),
    ShopWords("天津小白楼示例艺术培训有限公司", "小白楼示例艺术培训", "120103", "河西区示例南路 12 号", ""),
    ShopWords(
        "天津津湾示例百货有限公司",
        "津湾示例百货（和平路店）",
        "120101",
        "和平区示例广场 3 号",
        "department_store",
        has_pledge=True,
    ),
    ShopWords(
        "天津滨海示例生鲜超市有限公司",
        "滨海示例生鲜（塘沽店）",
        "120116",
        "滨海新区示例道 900 号",
        "department_store",
        has_pledge=True,
    ),
    ShopWords("天津西青示例家居有限公司", "西青示例家居城", "120111", "西青区示例大道 5 号", "special_market"),
    ShopWords("天津武清示例健身管理有限公司", "武清示例健身", "120114", "武清区示例路 88 号", ""),
    ShopWords("天津河东示例眼镜有限公司", "河东示例眼镜店", "120102", "河东区示例中路 15 号", "department_store"),
    ShopWords(
        "天津津南示例洗染服务有限公司", "津南示例洗衣", "120112", "津南区示例街 2 号", "laundry", has_pledge=True
    ),
    ShopWords("天津北辰示例家政服务有限公司", "北辰示例家政", "120113", "北辰区示例里 19 号", "home_service"),
    ShopWords(
        "天津宝坻示例珠宝有限公司", "宝坻示例金店", "120115", "宝坻区示例大街 30 号", "jewellery", has_pledge=True
    ),
    ShopWords("天津河北示例菜市场管理有限公司", "河北示例菜市场", "120105", "河北区示例道 44 号", "food_market"),
    ShopWords(
        "天津示例优品网络科技有限公司",
        "示例优品旗舰店（平台内经营者，名称很长用来看排版是不是会断开）",
        "120116",
        "滨海新区示例产业园 8 号楼 1203 室",
        "",
    ),
    ShopWords("天津静海示例乐器有限公司", "静海示例乐器行", "120118", "静海区示例路 6 号", "department_store"),
)


@dataclass(frozen=True)
class Story:
    """One kind of complaint: what happened, what is asked, its classes, and the places in SHOPS where it happens."""

    title: str
    facts: str
    problem: str
    object_class: str
    claims: tuple[str, ...]
    paid_yuan: int
    shops: tuple[int, ...]


STORIES = (
    Story(
        "羽绒服标注与检测不符",
        "在店里买了一件羽绒服，吊牌写白鸭绒 90%，送检后报告是 61%。找店长，只同意换一件，不同意退款。",
        "P01",
        "G02",
        ("return", "refund"),
        799,
        (0, 7),
    ),
    Story(
        "空气净化器拆封后拒绝退货",
        "店员说三十天内不满意可以退。用了两天噪声很大，拿着小票去退，店长说拆了包装就不能退，只肯换同一款。",
        "P02",
        "G01",
        ("return", "refund"),
        1299,
        (1, 7),
    ),
    Story(
        "美容卡停业后余额不退",
        "办了美容储值卡，门店突然停业，卡里还有余额。打电话一直说再等等，要求退还没有用完的钱。",
        "P03",
        "S01",
        ("refund",),
        6800,
        (2,),
    ),
    Story(
        "标价 39 元，结账收 59 元",
        "菜单上写 39 元的一道菜，结账按 59 元收。服务员说是新价格，菜单还没有换。",
        "P05",
        "S01",
        ("refund",),
        60,
        (3,),
    ),
    Story(
        "婚宴改期，酒店一分定金不退",
        "交了婚宴定金，因为家里有事提前两个月改期，酒店说合同写着不退，也不同意改期。",
        "P03",
        "S01",
        ("refund",),
        20000,
        (4,),
    ),
    Story(
        "电动车电池三个月续航减半",
        "新买的电动车，三个月后续航只有原来的一半。车行说是正常损耗，不在三包里面。",
        "P01",
        "G09",
        ("replace",),
        3280,
        (5,),
    ),
    Story(
        "少儿舞蹈课换了三位老师",
        "报了一年舞蹈课，半年换了三位老师，孩子不愿意去。要求退剩下的课，机构只同意转班。",
        "P03",
        "S11",
        ("refund",),
        4150,
        (6,),
    ),
    Story(
        "手机维修后屏幕失灵",
        "屏幕维修之后第二周就失灵，再去店里说是我自己摔的，不认保修。",
        "P02",
        "G01",
        ("repair",),
        480,
        (1,),
    ),
    Story(
        "网购茶具到货破损",
        "网上买的茶具到货时破了两只，商家让找快递，快递让找商家。",
        "P02",
        "G06",
        ("return", "refund"),
        368,
        (16,),
    ),
    Story(
        "买到过期酸奶",
        "在超市买的酸奶，回家发现已经过期三天。小票和照片都留着。",
        "P04",
        "G03",
        ("refund", "compensate"),
        48,
        (8, 15),
    ),
    Story(
        "金饰称重少了 0.3 克",
        "买金饰时发票写 10.5 克，回家后去别家称是 10.2 克，店里说是秤不同。",
        "P10",
        "G07",
        ("supply", "refund"),
        6510,
        (14,),
    ),
    Story(
        "洗衣店把大衣洗缩水",
        "羊绒大衣送洗后明显缩水，店里说没有保值洗涤，只赔洗衣费的三倍。",
        "P02",
        "S01",
        ("compensate",),
        1600,
        (12,),
    ),
    Story(
        "家政阿姨中途不来也不退费",
        "付了一个季度的家政费，阿姨来了三周就不来了，公司一直说在安排。",
        "P03",
        "S01",
        ("refund",),
        5400,
        (13,),
    ),
    Story(
        "眼镜度数配错",
        "配的眼镜戴上头晕，去医院验光差了 75 度。店里同意重配，要求退款不同意。",
        "P01",
        "G06",
        ("redo", "refund"),
        1180,
        (11,),
    ),
    Story(
        "健身房换址，不给退卡",
        "健身房搬到八公里外，合同里没有写可以搬。要求退卡，说只能转让。",
        "P03",
        "S04",
        ("refund",),
        3600,
        (10,),
    ),
    Story(
        "宣传进口，实际国产",
        "页面写着原装进口，收到的商品标签写的是国内生产，客服说是包装不同。",
        "P07",
        "G06",
        ("return", "refund"),
        420,
        (7, 9, 16),
    ),
)

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
GIVEN = ("示一", "示二", "示三", "示四", "示五", "示六", "示七", "示八", "示九")
STREETS = ("示例一里", "示例二里", "示例新村", "示例花园", "示例大厦")
