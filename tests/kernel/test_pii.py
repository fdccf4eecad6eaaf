"""Personal data in Chinese text: what is found, how it is hidden, and what must be left alone."""

import pytest

from portal.kernel import pii
from portal.kernel.pii import Kind


@pytest.mark.parametrize(
    ("text", "kind", "masked"),
    [
        ("我的电话13812345678，请回电", Kind.PHONE, "我的电话138****5678，请回电"),
        ("+86 138-1234-5678", Kind.PHONE, "138****5678"),
        ("0086 138 1234 5678", Kind.PHONE, "138****5678"),
        ("手机１３８１２３４５６７８", Kind.PHONE, "手机138****5678"),
        ("１３８－１２３４－５６７８", Kind.PHONE, "138****5678"),
        ("1 3 8 1 2 3 4 5 6 7 8", Kind.PHONE, "138****5678"),
        ("138\u200b1234\u200b5678", Kind.PHONE, "138****5678"),
        ("①③⑧①②③④⑤⑥⑦⑧", Kind.PHONE, "138****5678"),
        ("打一三八一二三四五六七八找我", Kind.PHONE, "打138****5678找我"),
        ("壹叁捌壹贰叁肆伍陆柒捌", Kind.PHONE, "138****5678"),
        ("13812345678 2000元", Kind.PHONE, "138****5678 2000元"),
        ("座机022-88881234", Kind.LANDLINE, "座机***"),
        ("（022）8888 1234转801", Kind.LANDLINE, "***"),
        ("电话88881234", Kind.LANDLINE, "电话***"),
        ("身份证120101189901010013", Kind.RESIDENT_ID, "身份证120101********0013"),
        ("身份证号：１１０１０５１９４９１２３１００２ｘ", Kind.RESIDENT_ID, "身份证号：110105********002X"),
        ("120101 18990101 0013", Kind.RESIDENT_ID, "120101********0013"),
        ("旧证120101990101001", Kind.RESIDENT_ID, "旧证120101*****1001"),
        ("护照号码：E12345678", Kind.OTHER_ID, "护照号码：***"),
        ("通行证H1234567890", Kind.OTHER_ID, "通行证***"),
        ("4111 1111 1111 1111", Kind.BANK_CARD, "************1111"),
        ("卡号 6222 0200 1111 2222 333", Kind.BANK_CARD, "卡号 ***************2333"),
        ("邮箱 zhang.san@example.com.cn", Kind.EMAIL, "邮箱 ***"),
        ("ＺＨＡＮＧ＠ＥＸＡＭＰＬＥ．ＣＯＭ", Kind.EMAIL, "***"),
        ("车牌津A12345", Kind.PLATE, "车牌津A*****"),
        ("津AD12345堵在门口", Kind.PLATE, "津A*****堵在门口"),
        ("津A12345F", Kind.PLATE, "津A*****"),
        ("津A·B1234", Kind.PLATE, "津A*****"),
        ("微信号：abc_12345", Kind.WECHAT, "微信号：***"),
        ("加vx abcdef1", Kind.WECHAT, "加vx ***"),
        ("QQ号12345678", Kind.QQ, "QQ号***"),
        ("订单号为：SF1234567890123", Kind.ORDER, "订单号为：***"),
        ("南京路100号3号楼2单元501室", Kind.ADDRESS, "南京路***"),
        ("住阳光里３栋２单元５０１", Kind.ADDRESS, "住阳光里***"),
        ("家在明珠小区一栋七单元606", Kind.ADDRESS, "家在明珠小区***"),
        ("联系人：谈俊，白天在", Kind.NAME, "联系人：谈*，白天在"),
        ("我叫王小明，", Kind.NAME, "我叫王*，"),
        ("我，王华春，居住在此", Kind.NAME, "我，王*，居住在此"),
        ("业主：欧阳文博", Kind.NAME, "业主：欧*"),
        ("实名投诉人周例，身份证号码另附", Kind.NAME, "实名投诉人周*，身份证号码另附"),
        ("在场的有（陈例人，男，已婚）", Kind.NAME, "在场的有（陈*，男，已婚）"),
        ("住示例村河边三组88号。", Kind.ADDRESS, "住示例村河边***。"),
    ],
)
def test_found_and_hidden(text: str, kind: Kind, masked: str) -> None:
    assert kind in [span.kind for span in pii.find(text) if span.is_sure]
    assert pii.mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "2026年11月24日上午10点30分付款1299.00元",
        "会员卡余额6800元，12期，每期566.67元",
        "热线12315、12345、400-800-1234、95588",
        "统一社会信用代码91120101MAXX000158和911201011031214973",
        "地铁2号线3号口出来，二道街一层",
        "建筑面积121.75平，总价1020408元",
        "小区4栋、5栋、6栋都漏水，12栋和14栋之间",
        "已隐去138****5678和120101********0013，地址在南京路***",
        "王女士、李先生、张某、刘经理",
        "消费者为何不满，本人于今日到店，我是在平台买的",
        "微信支付，微信公众号，QQ音乐，iPhone15Pro",
        "型号SM12345，容量500ml，规格10kg×2",
        "房产证、身份证号都登记了，男，女，不限",
        "办法15、消法第五十五条，三倍赔偿",
    ],
)
def test_what_is_no_personal_data_is_left_alone(text: str) -> None:
    assert [span for span in pii.find(text) if span.is_sure] == []
    assert pii.mask(text) == text


def test_every_name_in_a_list_is_hidden() -> None:
    assert pii.mask("投诉人：蒋诚先、陈歌、李菲。") == "投诉人：蒋*、陈*、李*。"


def test_a_doubtful_name_is_a_hint_for_the_reader_only() -> None:
    text = "张爱说货不对"
    hints = [span for span in pii.find(text) if not span.is_sure]
    assert {span.kind for span in hints} <= {Kind.NAME}
    assert pii.mask(text) == text


def test_many_things_in_one_text() -> None:
    text = "联系人：谈俊，电话13812345678，身份证11010519491231002X，住南京路100号2单元501，邮箱a@b.cn，车津A12345。"
    assert pii.mask(text) == (
        "联系人：谈*，电话138****5678，身份证110105********002X，住南京路***，邮箱***，车津A*****。"
    )
