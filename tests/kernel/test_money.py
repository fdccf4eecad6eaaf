"""Yuan in, fen kept, yuan and 大写 out."""

import pytest

from portal.kernel import money
from portal.kernel.errors import Refused


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("1299", 129_900),
        ("1299.00", 129_900),
        ("1,299.5", 129_950),
        ("12,345,678.90", 1_234_567_890),
        (" ¥1299元 ", 129_900),
        ("￥１２９９．０５", 129_905),
        ("人民币 1 299 元整", 129_900),
        ("1，299", 129_900),
        ("0", 0),
        (".5", 50),
        ("5.", 500),
        ("0.10000", 10),
        ("999999999999.99", 99_999_999_999_999),
    ],
)
def test_what_people_type_becomes_fen(typed: str, fen: int) -> None:
    assert money.fen_from_yuan(typed) == fen


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "请填写"),
        ("   ", "请填写"),
        ("元", "请填写"),
        ("-5", "不能小于零"),
        ("¥-5", "不能小于零"),
        ("一百", "请用数字"),
        ("12,99", "请用数字"),
        ("1e5", "请用数字"),
        ("1.2.3", "请用数字"),
        ("12万", "请用数字"),
        ("NaN", "请用数字"),
        (".", "请用数字"),
        ("1.005", "两位"),
        ("1000000000000", "太大"),
        ("9" * 400, "太大"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        money.fen_from_yuan(typed, field="claim_amount")
    assert refused.value.code == "amount"
    assert refused.value.field == "claim_amount"
    assert says in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("fen", "shown"), [(129_900, "1,299.00"), (5, "0.05"), (0, "0.00"), (-150, "-1.50"), (123_456_789, "1,234,567.89")]
)
def test_yuan(fen: int, shown: str) -> None:
    assert money.yuan(fen) == shown


@pytest.mark.parametrize(
    ("fen", "written"),
    [
        (0, "零元整"),
        (129_900, "壹仟贰佰玖拾玖元整"),
        (1_000, "壹拾元整"),
        (10_100, "壹佰零壹元整"),
        (101_000, "壹仟零壹拾元整"),
        (100_100, "壹仟零壹元整"),
        (1_000_000, "壹万元整"),
        (1_050_000, "壹万零伍佰元整"),
        (1_000_500, "壹万零伍元整"),
        (10_700_053, "壹拾万柒仟元零伍角叁分"),
        (100_050_000, "壹佰万零伍佰元整"),
        (10_000_000_000, "壹亿元整"),
        (10_000_000_100, "壹亿零壹元整"),
        (10_001_000_000, "壹亿零壹万元整"),
        (105_000_000_000, "壹拾亿伍仟万元整"),
        (99_999_999_999_999, "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
        (168_032, "壹仟陆佰捌拾元零叁角贰分"),
        (140_950, "壹仟肆佰零玖元伍角"),
        (600_714, "陆仟零柒元壹角肆分"),
        (1_640_902, "壹万陆仟肆佰零玖元零贰分"),
        (32_504, "叁佰贰拾伍元零肆分"),
        (50, "伍角"),
        (5, "伍分"),
        (-129_900, "负壹仟贰佰玖拾玖元整"),
    ],
)
def test_capital_characters_as_cheques_are_written(fen: int, written: str) -> None:
    assert money.daxie(fen) == written


def test_an_amount_beyond_the_form_is_a_bug() -> None:
    with pytest.raises(ValueError, match="no agreed form"):
        money.daxie(100_000_000_000_000)
