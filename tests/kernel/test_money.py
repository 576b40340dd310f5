"""An amount is finite, exact and of one asset; a text is an amount or refused whole."""

import decimal
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mooring.kernel.money import (
    DECIMALS_MAX,
    Amount,
    AssetMismatch,
    MalformedAmount,
    parse_amount,
    plain,
)


def btc(number):
    return Amount(Decimal(number), "BTC")


# Every decimal that numeric(38, 18) holds.
numbers = st.decimals(
    min_value=-(10**20) + 1, max_value=10**20 - 1, places=18, allow_nan=False, allow_infinity=False
)
small = st.decimals(min_value=-(10**18), max_value=10**18, places=18)

# --- the type ---


def test_adds_subtracts_and_negates_exactly():
    one_unit = btc("0.000000000000000001")
    assert btc("12345678901234567890") + one_unit - btc("12345678901234567890") == one_unit
    assert -btc("0.4") == btc("-0.4")


def test_compares_by_number():
    assert btc("0.1") < btc("0.10000001") <= btc("0.10000001") < btc("1")
    assert btc("0.10") == btc("0.1")


def test_a_zero_has_no_sign():
    assert str(-btc("0")) == "0 BTC"
    assert str(btc("-0.0")) == "0 BTC"


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("0.4", "0.4 BTC"),
        ("1E+3", "1000 BTC"),
        ("1.500", "1.5 BTC"),
        ("0E-18", "0 BTC"),
        ("1E-18", "0.000000000000000001 BTC"),
        ("-120", "-120 BTC"),
        ("100", "100 BTC"),
    ],
)
def test_writes_plain_digits(number, text):
    assert str(btc(number)) == text


@pytest.mark.parametrize("number", [1, 0.1, "1", None, True, b"1"])
def test_is_made_of_decimals_only(number):
    with pytest.raises(TypeError):
        Amount(number, "BTC")


@pytest.mark.parametrize(
    "number",
    [
        "NaN",
        "sNaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "1E20",
        "-1E20",
        "1E400",
        "1E-19",
        "1E-400",
        "1." + "1" * 200,
    ],
)
def test_is_finite_and_fits_the_book(number):
    with pytest.raises(ValueError, match="an amount"):
        btc(number)


def test_trailing_zeros_beyond_the_book_are_no_digits():
    assert btc("1.0000000000000000000000") == btc("1")


@pytest.mark.parametrize(
    "operation",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a >= b,
    ],
)
def test_two_assets_never_meet(operation):
    with pytest.raises(AssetMismatch):
        operation(btc("1"), Amount(Decimal(1), "ETH"))


def test_two_assets_are_never_equal():
    assert btc("0") != Amount.zero("ETH")


@given(small, small)
def test_a_sum_has_exactly_its_parts(left, right):
    total = btc(left) + btc(right)
    assert total - btc(right) == btc(left)
    assert total.number == decimal.Context(prec=60).add(left, right)


@given(numbers)
def test_what_is_written_is_read_back(number):
    positive = abs(number)
    assert parse_amount(plain(positive), asset="BTC") == btc(positive)


# --- the parser ---

ACCEPTED = [
    ("0", "0"),
    ("1", "1"),
    ("0.4", "0.4"),
    ("10.50", "10.5"),
    ("0.000000000000000001", "1E-18"),
    ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"),
]


@pytest.mark.parametrize(("text", "number"), ACCEPTED)
def test_reads_plain_digits(text, number):
    assert parse_amount(text, asset="BTC") == btc(number)


#: What people, scripts and attackers type into a field of an amount.
REFUSED = [
    *("NaN", "nan", "sNaN", "Infinity", "-Infinity", "inf", "∞"),
    *("-0", "-0.0", "-1", "+1", "--1", "1-"),
    *("1e400", "1e1000000", "1e-400", "1e1", "1E1", "1e", "0e0"),
    *("1_000", "1,000", "1.000,00", "1'000", "1 000", "1\u00a0000", "1\u202f000", "1.2.3"),
    *("１２", "٣", "१", "Ⅷ", "½", "²", "一", "1٫5", "1．5", "𝟏"),
    *("0x10", "0b1", "0o7", "010", "00", "00.1", "01.5"),
    *(".5", "1.", ".", "", " ", " 1", "1 ", "1\n", "\n1", "1\t", "1\u00a0", "\ufeff1", "1\u200b"),
    *("1\x00", "\x001", "1\x1f", "1\u202e5", "\ud800", "1;", "1' OR 1=1", "=1+1", "@1", "$1", "1%"),
    *("BTC", "1BTC", "1 BTC", "all", "max", "None", "null", "true", "{}", "[1]"),
    *("9" * 21, "9" * 5000, "0." + "1" * 5000, "1" + "0" * 100_000),
    *("100000000000000000000", str(2**256), str(2**128)),
    *("0.0000000000000000001", "1.0000000000000000000"),
    "(1)",
    "1/2",
    "1+1",
]


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: ascii(text[:24]))
def test_refuses_everything_else(text):
    with pytest.raises(MalformedAmount):
        parse_amount(text, asset="BTC")


@pytest.mark.parametrize(
    "value", [1, 0.1, 1e400, True, False, None, [], ["1"], {}, b"1", Decimal(1), object()]
)
def test_refuses_what_is_no_text(value):
    with pytest.raises(MalformedAmount):
        parse_amount(value, asset="BTC")


@pytest.mark.parametrize("decimals", [0, 2, 6, 8, 18])
def test_decimals_are_bounded_by_the_asset_and_never_rounded(decimals):
    finest = "0." + "0" * (decimals - 1) + "1" if decimals else "1"
    assert parse_amount(finest, asset="X", decimals_max=decimals).is_positive
    too_fine = "0." + "0" * decimals + "1"
    with pytest.raises(MalformedAmount):
        parse_amount(too_fine, asset="X", decimals_max=decimals)
    with pytest.raises(MalformedAmount):
        parse_amount("1." + "0" * (decimals + 1), asset="X", decimals_max=decimals)


@pytest.mark.parametrize("text", [str(2**53 - 1), str(2**53 + 1), str(2**63), str(2**64)])
def test_integers_beyond_floats_and_words_stay_exact(text):
    assert str(parse_amount(text, asset="X")) == f"{text} X"


@given(st.text(max_size=60))
def test_any_text_is_read_exactly_or_refused(text):
    try:
        amount = parse_amount(text, asset="BTC")
    except MalformedAmount:
        return
    assert amount.number == Decimal(text)
    assert set(text) <= set("0123456789.")
    assert -int(amount.number.as_tuple().exponent) <= DECIMALS_MAX


def test_the_length_is_bounded_before_it_is_read(monkeypatch):
    def explode(*_):
        pytest.fail("Decimal saw a text of any length")

    monkeypatch.setattr("mooring.kernel.money.Decimal", explode)
    with pytest.raises(MalformedAmount):
        parse_amount("9" * 10_000_000, asset="BTC")


def test_the_sentence_says_how_to_write_it():
    with pytest.raises(MalformedAmount, match="at most 6 decimals") as refused:
        parse_amount("1,5", asset="USDT", decimals_max=6)
    assert (refused.value.asset, refused.value.decimals_max) == ("USDT", 6)
