"""May money come in: only as much as the terms say, and only while the product is open."""

from decimal import Decimal

import pytest

from mooring.earn import errors
from mooring.earn.rules.subscription import check_subscription, quota_left
from mooring.kernel.money import Amount
from tests.earn.shapes import product

LIMITED = {"minimum": Decimal("0.1"), "quota_per_person": Decimal(10)}


def check(amount, *, asset="USDT", held="0", held_total="0", country="", **changes):
    check_subscription(
        product(**(LIMITED | changes)),
        amount=Amount(Decimal(amount), asset),
        held=Decimal(held),
        held_total=Decimal(held_total),
        country=country,
    )


@pytest.mark.parametrize(
    ("case", "request_"),
    [
        ("the minimum", {"amount": "0.1"}),
        ("the whole quota", {"amount": "10"}),
        ("what is left of the quota", {"amount": "4", "held": "6"}),
        ("any amount without a quota", {"amount": "99999", "quota_per_person": None}),
        ("into a locked product", {"amount": "1", "kind": "LOCKED"}),
        ("the maximum", {"amount": "5", "maximum": Decimal(5)}),
        ("the last room", {"amount": "5", "held_total": "45", "quota_total": Decimal(50)}),
        ("where it is offered", {"amount": "1", "country": "SG", "excluded_countries": ["DE"]}),
        ("anywhere", {"amount": "1", "country": "DE"}),
    ],
)
def test_takes_what_the_terms_take(case, request_):
    assert check(**request_) is None, case


@pytest.mark.parametrize(
    ("case", "request_", "refusal"),
    [
        ("closed", {"amount": "1", "subscriptions_open": False}, errors.ProductNotOpen),
        ("another asset", {"amount": "1", "asset": "BTC"}, errors.WrongAsset),
        ("nothing", {"amount": "0"}, errors.AmountNotPositive),
        ("less than nothing", {"amount": "-1"}, errors.AmountNotPositive),
        ("a unit below the minimum", {"amount": "0.099999999999999999"}, errors.BelowMinimum),
        ("a unit above the quota", {"amount": "10.000000000000000001"}, errors.AboveQuota),
        ("above what is left", {"amount": "4.000000001", "held": "6"}, errors.AboveQuota),
        ("the quota is used up", {"amount": "0.1", "held": "10"}, errors.AboveQuota),
        ("above the maximum", {"amount": "6", "maximum": Decimal(5)}, errors.AboveMaximum),
        (
            "above the room of all",
            {"amount": "5.1", "held_total": "45", "quota_total": Decimal(50)},
            errors.AboveTotalQuota,
        ),
        (
            "it is full",
            {"amount": "1", "held_total": "51", "quota_total": Decimal(50)},
            errors.AboveTotalQuota,
        ),
        (
            "where it is not offered",
            {"amount": "1", "country": "DE", "excluded_countries": ["FR", "DE"]},
            errors.NotOfferedInCountry,
        ),
        (
            "who knows where",
            {"amount": "1", "excluded_countries": ["DE"]},
            errors.CountryNotKnown,
        ),
        ("rewards outgrew the quota", {"amount": "0.1", "held": "11"}, errors.AboveQuota),
    ],
)
def test_refuses_what_the_terms_do_not_take(case, request_, refusal):
    with pytest.raises(refusal):
        check(**request_)
    assert case


def test_a_closed_product_says_so_before_it_judges_the_amount():
    with pytest.raises(errors.ProductNotOpen):
        check("0", subscriptions_open=False)


def test_a_refusal_carries_the_facts():
    with pytest.raises(errors.BelowMinimum) as below:
        check("0.05")
    assert (str(below.value.amount), str(below.value.minimum)) == ("0.05 USDT", "0.1 USDT")
    with pytest.raises(errors.AboveQuota) as above:
        check("5", held="6")
    assert str(above.value.left) == "4 USDT"


@pytest.mark.parametrize(
    ("case", "held", "left"),
    [("nothing held", "0", "10"), ("some", "9.5", "0.5"), ("more than the quota", "12", "0")],
)
def test_what_is_left_is_never_less_than_nothing(case, held, left):
    found = quota_left(product(**LIMITED), held=Decimal(held))
    assert found == Amount(Decimal(left), "USDT"), case


def test_without_a_quota_there_is_no_end():
    assert quota_left(product(quota_per_person=None), held=Decimal(5)) is None
