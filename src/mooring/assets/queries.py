"""Which assets there are, what they cost, what something is worth."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from mooring.assets import models
from mooring.assets.errors import NoPrice, UnknownAsset, UnknownCurrency
from mooring.assets.facts import Asset, PriceChange
from mooring.kernel import db
from mooring.kernel.money import Amount
from mooring.kernel.rounding import EXACT, floor_quotient

#: What values can be told in: to people (ACC-7), and to programs, which ask for BTC and USDT.
#: USD is the unit of every price.
CURRENCIES: Final = ("USD", "EUR", "CNY", "BTC", "USDT")
#: Decimals of a value; it is floored to them.
VALUE_DECIMALS: Final = 8
_UNIT: Final = "USD"
_FACTS: Final = (
    "name", "kind", "ledger_decimals", "display_decimals", "reward_decimals", "is_active",
)  # fmt: skip


def list_assets(*, only_active: bool = False) -> tuple[Asset, ...]:
    """Return the assets, by code."""
    found = models.Asset.objects.order_by("code")
    return tuple(_facts_of(row) for row in (found.filter(is_active=True) if only_active else found))


def get_assets(codes: Iterable[str]) -> dict[str, Asset]:
    """
    Return the assets of some codes, with one query.

    Raises:
        UnknownAsset: one of them does not exist.
    """
    wanted = set(codes)
    found = {
        code: Asset(code=code, **dict(zip(_FACTS, facts, strict=True)))
        for code, *facts in db.rows(
            "SELECT code, name, kind, ledger_decimals, display_decimals, reward_decimals,"
            "  is_active FROM assets_asset WHERE code = ANY(%s::text[])",
            [list(wanted)],
        )
    }
    for code in sorted(wanted - found.keys()):
        raise UnknownAsset(asset=code)
    return found


def get_asset(code: str) -> Asset:
    """
    Return one asset.

    Raises:
        UnknownAsset: there is none with this code.
    """
    return get_assets([code])[code]


def prices(*, at: datetime) -> dict[str, Decimal]:
    """Return what a unit of each asset that has a price is worth in USD, with one query."""
    found = db.rows(
        "SELECT DISTINCT ON (asset_id) asset_id, usd FROM assets_price WHERE valid_from <= %s"
        " ORDER BY asset_id, valid_from DESC",
        [at],
    )
    return {**dict(found), _UNIT: Decimal(1)}


def find_values(
    amounts: Iterable[Amount], *, currency: str, at: datetime
) -> tuple[Amount | None, ...]:
    """
    Value each amount on its own, with one query; None where there is no price.

    For lists in which one unpriced asset must not hide the others. A sum is `total_value`'s.

    Raises:
        UnknownCurrency: see `CURRENCIES`.
    """
    quoted = _prices_in(currency, at=at)
    return tuple(_value(amount, currency, quoted) for amount in amounts)


def value_in(amounts: Iterable[Amount], *, currency: str, at: datetime) -> tuple[Amount, ...]:
    """
    Value amounts in a currency, with one query; floored to 8 decimals.

    Args:
        currency: one of `CURRENCIES`.
        at: with the prices in force then, UTC.

    Raises:
        NoPrice: one of the assets, or the currency, has no price. Nothing of an asset is worth
            nothing whatever its price.
        UnknownCurrency: see `CURRENCIES`.
    """
    quoted = _prices_in(currency, at=at)
    values = []
    for amount in amounts:
        value = _value(amount, currency, quoted)
        if value is None:
            raise NoPrice(asset=currency if amount.asset in quoted else amount.asset, at=at)
        values.append(value)
    return tuple(values)


def total_value(amounts: Iterable[Amount], *, currency: str, at: datetime) -> Amount:
    """
    Return what amounts are worth together; see `value_in`.

    Raises:
        NoPrice, UnknownCurrency: as `value_in`.
    """
    return sum(value_in(amounts, currency=currency, at=at), start=Amount.zero(currency))


def _prices_in(currency: str, *, at: datetime) -> Mapping[str, Decimal]:
    if currency not in CURRENCIES:
        raise UnknownCurrency(currency=currency)
    return prices(at=at)


def _value(amount: Amount, currency: str, quoted: Mapping[str, Decimal]) -> Amount | None:
    if amount.is_zero:
        return Amount.zero(currency)
    if amount.asset not in quoted or currency not in quoted:
        return None
    worth = EXACT.multiply(amount.number, quoted[amount.asset])
    return Amount(floor_quotient(worth, quoted[currency], VALUE_DECIMALS), currency)


def _facts_of(row: models.Asset) -> Asset:
    return Asset(
        code=row.code,
        name=row.name,
        kind="FIAT" if row.kind == models.Asset.Kind.FIAT else "CRYPTO",
        ledger_decimals=row.ledger_decimals,
        display_decimals=row.display_decimals,
        reward_decimals=row.reward_decimals,
        is_active=row.is_active,
    )


def price_changes(*, since: datetime, until: datetime) -> dict[str, PriceChange]:
    """
    Return what happened to the prices of assets in a time, in USD, with one query.

    An asset whose first price came later than `since` begins with it.
    """
    found = db.rows(
        "SELECT asset_id, (array_agg(usd ORDER BY valid_from))[1], max(usd), min(usd),"
        "  (array_agg(usd ORDER BY valid_from DESC))[1]"
        " FROM (SELECT asset_id, usd, valid_from FROM assets_price"
        "  WHERE valid_from > %(since)s AND valid_from <= %(until)s"
        "  UNION ALL (SELECT DISTINCT ON (asset_id) asset_id, usd, valid_from FROM assets_price"
        "   WHERE valid_from <= %(since)s ORDER BY asset_id, valid_from DESC)) AS price"
        " GROUP BY asset_id",
        {"since": since, "until": until},
    )
    return {
        code: PriceChange(opening=opening, high=high, low=low, last=last)
        for code, opening, high, low, last in found
    }
