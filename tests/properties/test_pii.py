"""What must hold of masking, whatever people write."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import pii

PIECES = (
    "13812345678",
    "+86 138-1234-5678",
    "１３８１２３４５６７８",
    "一三八一二三四五六七八",
    "022-88881234",
    "120101189901010013",
    "11010519491231002x",
    "4111111111111111",
    "zhang@example.com",
    "津AD12345",
    "微信号abc_12345",
    "QQ12345678",
    "订单号SF1234567890123",
    "南京路100号3号楼2单元501室",
    "3栋2单元501",
    "联系人：王小明",
    "王小明",
    "欧阳文博",
    "李女士",
    "91120101MAXX000158",
    "138****5678",
    "1299.00元",
    "2026年11月24日",
    "12315",
    "退款",
    "，",
    "、",
    "。",
    " ",
    "\n",
    "-",
    "1",
    "号",
    "的",
)
texts = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=4)), max_size=12).map("".join)
secrets = st.sampled_from(["13812345678", "120101189901010013", "zhang@example.com", "津AD12345"])


@given(texts)
def test_masking_again_changes_nothing(text: str) -> None:
    once = pii.mask(text)
    assert pii.mask(once) == once
    assert not [span for span in pii.find(once) if span.is_sure]


@given(texts)
def test_what_is_found_lies_in_the_text_apart_and_in_order(text: str) -> None:
    spans = pii.find(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(before.end <= after.start for before, after in itertools.pairwise(spans))


@given(st.text("退款不给说好的，。！ ", max_size=12), secrets, st.text("退款不给说好的，。！ ", max_size=12))
def test_a_secret_never_survives(before: str, secret: str, after: str) -> None:
    assert secret not in pii.mask(f"{before}{secret}{after}")


@given(st.text("退款商家态度服务质量价格一二三1234567890元天，。", max_size=9))
def test_short_figures_and_prose_stay(text: str) -> None:
    found = [span for span in pii.find(text) if span.kind not in (pii.Kind.NAME, pii.Kind.LANDLINE)]
    assert found == []
