"""Amounts as people read them: cut, never rounded up, nothing hidden."""

from decimal import Decimal

import pytest

from mooring.kernel.money import Amount
from mooring.web.figures import figure_of, percent_text


@pytest.mark.parametrize(
    ("number", "decimals", "text", "exact", "is_cut"),
    [
        ("997.260274", 8, "997.26027400", "997.260274", False),
        ("1.999999999", 8, "1.99999999", "1.999999999", True),
        ("-1.999999999", 8, "\N{MINUS SIGN}2.00000000", "-1.999999999", True),
        ("1234567.5", 2, "1,234,567.50", "1234567.5", False),
        ("0", 8, "0.00000000", "0", False),
        ("0.000000000012", 8, "0.000000000012", "0.000000000012", False),
        ("0.00000000001234", 8, "0.000000000012", "0.00000000001234", True),
        ("0.000000000000000001", 8, "0.000000000000000001", "0.000000000000000001", False),
        (
            "99999999999999999999.999999999999999999",
            8,
            "99,999,999,999,999,999,999.99999999",
            "99999999999999999999.999999999999999999",
            True,
        ),
    ],
)
def test_a_figure_is_cut_and_keeps_its_digits(
    number: str, decimals: int, text: str, exact: str, is_cut: bool
) -> None:
    figure = figure_of(Amount(Decimal(number), "BTC"), decimals=decimals)
    assert (figure.text, figure.exact, figure.is_cut) == (text, exact, is_cut)


@pytest.mark.parametrize(
    ("rate", "text"),
    [
        ("0.05", "5.00%"),
        ("0.0365", "3.65%"),
        ("0.00002", "0.002%"),
        ("0", "0.00%"),
        ("1", "100.00%"),
    ],
)
def test_a_rate_is_a_percentage(rate: str, text: str) -> None:
    assert percent_text(Decimal(rate)) == text
