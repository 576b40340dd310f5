"""Assets and prices are registered once, never altered, and a missing price is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from mooring.assets import api as assets
from mooring.kernel import db
from mooring.kernel.money import Amount

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_DAY = timedelta(days=1)
BTC = assets.Asset(code="BTC", name="Bitcoin")
USDT = assets.Asset(code="USDT", name="Tether", ledger_decimals=6)
EUR = assets.Asset(code="EUR", name="Euro", kind="FIAT", ledger_decimals=2)

pytestmark = pytest.mark.django_db


def quote(asset, usd, *, valid_from=NOON, source="a test"):
    assets.quote_prices(
        [assets.Quote(asset=asset, usd=Decimal(usd), valid_from=valid_from, source=source)]
    )


@pytest.fixture
def world():
    assets.register([BTC, USDT, EUR])
    quote("BTC", "60000")
    quote("EUR", "1.2")
    # As a commit would: a TRUNCATE with foreign keys still unchecked fails for that reason.
    db.execute("SET CONSTRAINTS ALL IMMEDIATE")


def btc(number):
    return Amount(Decimal(number), "BTC")


def test_lists_what_was_registered(world):
    assert [asset.code for asset in assets.list_assets()] == ["BTC", "EUR", "USDT"]
    assert assets.get_asset("USDT") == USDT


def test_lists_only_active_assets_when_asked(world):
    db.execute("UPDATE assets_asset SET is_active = false WHERE code = 'USDT'")
    assert [asset.code for asset in assets.list_assets(only_active=True)] == ["BTC", "EUR"]


def test_registering_twice_is_once(world):
    assets.register([BTC, EUR])
    assert len(assets.list_assets()) == 3


def test_an_asset_never_changes_its_decimals(world):
    with pytest.raises(assets.AssetRegisteredOtherwise):
        assets.register([replace(BTC, ledger_decimals=18)])
    assert assets.get_asset("BTC").ledger_decimals == 8


def test_an_unknown_asset_is_refused(world):
    with pytest.raises(assets.UnknownAsset):
        assets.get_asset("DOGE")
    with pytest.raises(assets.UnknownAsset):
        quote("DOGE", "1")


def test_a_price_holds_until_the_next(world):
    quote("BTC", "70000", valid_from=NOON + A_DAY)
    assert assets.prices(at=NOON + A_DAY - timedelta(seconds=1))["BTC"] == Decimal(60000)
    assert assets.prices(at=NOON + A_DAY)["BTC"] == Decimal(70000)


def test_a_price_is_not_valid_before_its_time(world):
    assert set(assets.prices(at=NOON - A_DAY)) == {"USD"}


def test_quoting_the_same_price_twice_is_once(world):
    quote("BTC", "60000")
    assert db.rows("SELECT count(*) FROM assets_price WHERE asset_id = 'BTC'") == [(1,)]


def test_another_price_at_the_same_time_is_refused(world):
    with pytest.raises(assets.PriceAlreadyQuoted):
        quote("BTC", "60001")


@pytest.mark.parametrize(
    ("currency", "worth"),
    [("USD", "90000"), ("EUR", "75000"), ("BTC", "1.5")],
)
def test_values_in_each_currency(world, currency, worth):
    (value,) = assets.value_in([btc("1.5")], currency=currency, at=NOON)
    assert value == Amount(Decimal(worth), currency)


def test_a_value_is_floored(world):
    quote("EUR", "3", valid_from=NOON + A_DAY)
    (value,) = assets.value_in([btc("0.00000001")], currency="EUR", at=NOON + A_DAY)
    assert value.number == Decimal("0.0002")
    (value,) = assets.value_in([Amount(Decimal(1), "USD")], currency="EUR", at=NOON + A_DAY)
    assert value.number == Decimal("0.33333333")


def test_many_amounts_are_one_query(world, django_assert_num_queries):
    with django_assert_num_queries(1):
        total = assets.total_value([btc("1")] * 50, currency="USD", at=NOON)
    assert total == Amount(Decimal(3_000_000), "USD")


@pytest.mark.parametrize(
    ("case", "amount", "currency"),
    [
        ("the asset has none", Amount(Decimal(5), "USDT"), "USD"),
        ("the asset is unheard of", Amount(Decimal(5), "DOGE"), "USD"),
        ("the currency has none", btc("1"), "CNY"),
        ("not even to itself", Amount(Decimal(1), "CNY"), "CNY"),
    ],
)
def test_a_missing_price_is_neither_one_nor_nothing(world, case, amount, currency):
    with pytest.raises(assets.NoPrice):
        assets.value_in([btc("0"), amount], currency=currency, at=NOON)
    with pytest.raises(assets.NoPrice):
        assets.total_value([amount], currency=currency, at=NOON)
    assert assets.find_values([amount], currency=currency, at=NOON) == (None,), case


def test_nothing_is_worth_nothing_without_a_price(world):
    assert assets.find_values([Amount.zero("DOGE")], currency="USD", at=NOON) == (
        Amount.zero("USD"),
    )


def test_other_currencies_are_refused(world):
    with pytest.raises(assets.UnknownCurrency):
        assets.value_in([btc("1")], currency="XAU", at=NOON)


ASSET = (
    "INSERT INTO assets_asset"
    " (code, name, kind, ledger_decimals, display_decimals, reward_decimals, is_active)"
    " VALUES ({code}, {name}, {kind}, {ledger}, {display}, {reward}, true)"
)
GOOD = {
    "code": "'DOT'",
    "name": "'Polkadot'",
    "kind": "'CRYPTO'",
    "ledger": 10,
    "display": 8,
    "reward": 8,
}
PRICE = (
    "INSERT INTO assets_price (asset_id, usd, valid_from, source)"
    " VALUES ('BTC', {}, '{:%Y-%m-%d %H:%M+00}', {})"
)
LATER = NOON + A_DAY


def asset(**changes):
    return ASSET.format(**{**GOOD, **changes})


BROKEN_BY = [
    ("assets_asset_pkey", asset(code="'BTC'")),
    ("assets_asset_code_is_capitals_and_digits", asset(code="'dot'")),
    ("assets_asset_code_is_capitals_and_digits", asset(code="''")),
    ("assets_asset_has_a_name", asset(name="' '")),
    ("assets_asset_kind_known", asset(kind="'SHELL'")),
    ("assets_asset_ledger_decimals_bookable", asset(ledger=19)),
    ("assets_asset_display_decimals_bookable", asset(display=-1)),
    ("assets_asset_reward_decimals_bookable", asset(reward=19)),
    ("assets_price_one_at_a_time", PRICE.format(1, NOON, "'x'")),
    ("assets_price_is_positive_and_finite", PRICE.format(0, LATER, "'x'")),
    ("assets_price_is_positive_and_finite", PRICE.format("'NaN'", LATER, "'x'")),
    ("assets_price_has_a_source", PRICE.format(1, LATER, "''")),
    ("assets_price_append_only", "UPDATE assets_price SET usd = 1"),
    ("assets_price_append_only", "DELETE FROM assets_price"),
    ("assets_price_append_only", "TRUNCATE assets_price"),
]


@pytest.mark.parametrize(("constraint", "statement"), BROKEN_BY)
def test_the_table_refuses(world, owner, constraint, statement):
    with owner():
        with pytest.raises(IntegrityError) as refused, transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement)
    assert db.constraint_of(refused.value) == constraint


@pytest.mark.parametrize("verb", ["UPDATE assets_price SET usd = 1", "DELETE FROM assets_price"])
def test_the_application_has_no_right_to_alter_a_price(world, verb):
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        db.execute(verb)


def test_an_infinite_price_does_not_fit(world):
    with pytest.raises(DatabaseError, match="overflow"), transaction.atomic():
        db.execute(PRICE.format("'Infinity'", LATER, "'x'"))
