"""Credit codes, identity numbers, bank cards and telephone numbers, against the vectors of the domain."""

from datetime import date

import pytest
from stdnum.cn import uscc

from portal.kernel import identifiers, phones
from portal.kernel.errors import Refused

TODAY = date(2026, 11, 24)
REAL = ["91110000600037341L", "91330100799655058B", "9144030071526726XG"]
SYNTHETIC = [
    "91120101MAXX000158",
    "91120102MAXX00023H",
    "92120104MAXX000316",
    "91120116MAXX0004XD",
    "91120119MAXX00058Q",
    "12120000MAXX000662",
    "51120000MAXX00074U",
    "93120114MAXX00082T",
]


@pytest.mark.parametrize("code", [*REAL, *SYNTHETIC])
def test_good_credit_codes(code: str) -> None:
    assert identifiers.credit_code(code) == identifiers.CreditCode(code, has_inner_check=True)
    assert uscc.is_valid(code)


def test_a_credit_code_is_normalised() -> None:
    found = identifiers.credit_code(" ９１１２０１０１-maxx 000158 ")
    assert (found.code, found.region) == ("91120101MAXX000158", "120101")


def test_a_wrong_inner_check_is_only_remarked() -> None:
    body = "91120101MAXX00016"
    code = body + uscc.calc_check_digit(body)
    assert identifiers.credit_code(code) == identifiers.CreditCode(code, has_inner_check=False)


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("", "请填写"),
        ("120101000012345", "旧的 15 位"),
        ("91120101MAXX00015", "18 位"),
        ("91120101MAXXO00158", "I、O、Z、S、V"),
        ("9112010AMAXX000158", "第 3 至 8 位是数字"),
        ("91120101MAXX000159", "校验位"),
        ("91120101MAXX000185", "校验位"),
    ],
)
def test_bad_credit_codes(code: str, says: str) -> None:
    with pytest.raises(Refused, match="uscc") as refused:
        identifiers.credit_code(code)
    assert says in str(refused.value.sentence)


@pytest.mark.parametrize(
    ("number", "born_on"),
    [
        ("11010519491231002X", date(1949, 12, 31)),
        ("11010519491231002x", date(1949, 12, 31)),
        ("360426199101010071", date(1991, 1, 1)),
        ("120101189901010013", date(1899, 1, 1)),
        ("120103190001010027", date(1900, 1, 1)),
    ],
)
def test_good_identity_numbers(number: str, born_on: date) -> None:
    assert identifiers.resident_id(number, on=TODAY) == identifiers.ResidentId(number.upper(), born_on)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("", "请填写"),
        ("120101990101001", "15 位"),
        ("12010118990101001", "18 位"),
        ("990101199101010071", "18 位"),
        ("120116188801010032", "出生日期"),
        ("120119190002290017", "出生日期"),
        ("120101299901010013", "出生日期"),
        ("120101189901010014", "校验位"),
    ],
)
def test_bad_identity_numbers(number: str, says: str) -> None:
    with pytest.raises(Refused, match="resident_id") as refused:
        identifiers.resident_id(number, on=TODAY)
    assert says in str(refused.value.sentence)


def test_the_age_limit_is_counted_to_the_day() -> None:
    number = "120101189901010013"
    assert identifiers.resident_id(number, on=date(2029, 12, 31)).born_on == date(1899, 1, 1)
    with pytest.raises(Refused):
        identifiers.resident_id(number, on=date(2030, 1, 1))


def test_bank_cards() -> None:
    assert identifiers.is_bank_card("6222 0200 0000 0000 000") == identifiers.is_bank_card("6222020000000000000")
    assert identifiers.is_bank_card("4111111111111111")
    assert not identifiers.is_bank_card("4111111111111112")
    assert not identifiers.is_bank_card("0000000000000000")


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("13800001234", "13800001234"),
        ("+86 138-0000-1234", "13800001234"),
        ("0086 138 0000 1234", "13800001234"),
        ("86 13800001234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("022-88881234", "02288881234"),
        ("（022）8888 1234", "02288881234"),
        ("+86 22 8888 1234", "02288881234"),
        ("88881234", "02288881234"),
        ("0317-2223344", "03172223344"),
        ("400-800-1234", "4008001234"),
        ("95588", "95588"),
        ("12315", "12315"),
    ],
)
def test_numbers_have_one_normal_form(typed: str, number: str) -> None:
    assert phones.normalize(typed) == number
    assert phones.any_number(typed) == number
    assert phones.normalize(number) == number


@pytest.mark.parametrize(
    ("typed", "says"), [("", "请填写"), ("12800001234", "11 位"), ("1380000123", "11 位"), ("02288881234", "11 位")]
)
def test_a_persons_number_is_a_mobile(typed: str, says: str) -> None:
    assert phones.mobile("138 0000 1234") == "13800001234"
    with pytest.raises(Refused, match="phone") as refused:
        phones.mobile(typed)
    assert says in str(refused.value.sentence)


@pytest.mark.parametrize("typed", ["1234", "abc", "0000000000000", "138000012345"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="phone"):
        phones.any_number(typed)


def test_numbers_are_masked_for_showing() -> None:
    assert phones.mask("13812345678") == "138****5678"
    assert phones.mask("022-88881234") == "*******1234"
