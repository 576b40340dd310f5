"""Set daily rates: the bonus tiers and the extra reward of a flexible product."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from mooring.earn import errors
from mooring.earn.models import DailyRate, Product
from mooring.earn.queries.daily import daily_rates
from mooring.earn.rules import daily
from mooring.earn.rules.daily import DailyRates, Tier
from mooring.kernel import db
from mooring.kernel.errors import Refusal

#: Ends what there was.
_NOTHING = (Tier(above=Decimal(0), up_to=None, rate=Decimal(0)),)


class DailyTiersMalformed(Refusal):
    """Tiers begin at 0 and follow each other without a gap, each with a rate."""

    code = "earn_daily_tiers_malformed"

    def __init__(self) -> None:
        super().__init__(
            "Tiers begin at 0 and follow each other without a gap; only the last one may have no "
            "end, and no rate is below zero."
        )


class DailyRatesNotPossible(Refusal):
    """Only flexible products pay by the day, and at most one asset beside their own."""

    code = "earn_daily_rates_not_possible"

    def __init__(self, *, product_code: str, extra_asset: str | None) -> None:
        super().__init__(
            "Only a flexible product pays by the day, in its own asset and in one other one."
        )
        self.product_code = product_code
        self.extra_asset = extra_asset


class DailyRatesInThePast(Refusal):
    """Daily rates would change for a day that has begun, or that was announced."""

    code = "earn_daily_rates_in_the_past"

    def __init__(self, *, earliest: date) -> None:
        super().__init__(f"The next daily rates can begin on {earliest:%Y-%m-%d} or later.")
        self.earliest = earliest


@db.transaction
def set_daily_rates(
    *, product_code: str, asset: str, tiers: Sequence[Tier], from_day: date, at: datetime
) -> None:
    """
    Let a flexible product pay by the day from a UTC day on; the same again changes nothing.

    Args:
        asset: the product's own for the bonus, another one for the extra reward.
        tiers: from 0 up without a gap; none ends what there was.
        from_day: has not begun at `at`, so that no balance of it is known yet.

    Raises:
        ProductNotFound, DailyRatesNotPossible, DailyTiersMalformed, DailyRatesInThePast.

    Source: domain rules §1.1, §1.2.
    """
    set_daily_rates_within(
        product_code=product_code, asset=asset, tiers=tiers, from_day=from_day, at=at
    )


@db.transaction_required
def set_daily_rates_within(
    *, product_code: str, asset: str, tiers: Sequence[Tier], from_day: date, at: datetime
) -> None:
    """Do what `set_daily_rates` does inside the transaction of another action of Earn."""
    product = Product.objects.select_for_update().filter(code=product_code).first()
    if product is None:
        raise errors.ProductNotFound(product_code=product_code)
    new = tuple(tiers) or _NOTHING
    rates = daily_rates([product.pk]).get(product.pk, DailyRates(asset=product.asset_id, sets=()))
    # One account per position holds the extra reward until it is paid, in one asset.
    if product.kind != "FLEXIBLE" or asset not in (product.asset_id, rates.extra_asset or asset):
        raise DailyRatesNotPossible(product_code=product_code, extra_asset=rates.extra_asset)
    if not daily.are_a_schedule(new):
        raise DailyTiersMalformed
    if _is_set_already(rates, asset=asset, tiers=new, from_day=from_day):
        return
    _check_day(rates, asset=asset, from_day=from_day, at=at)
    DailyRate.objects.bulk_create(
        DailyRate(
            product=product,
            asset_id=asset,
            from_day=from_day,
            above=tier.above,
            up_to=tier.up_to,
            rate=tier.rate,
        )
        for tier in new
    )


def _is_set_already(
    rates: DailyRates, *, asset: str, tiers: Sequence[Tier], from_day: date
) -> bool:
    return any(
        item.asset == asset and item.from_day == from_day and tuple(item.tiers) == tuple(tiers)
        for item in rates.sets
    )


def _check_day(rates: DailyRates, *, asset: str, from_day: date, at: datetime) -> None:
    earliest = daily.day_of(at) + daily.ONE_DAY
    announced = {item.from_day for item in rates.sets if item.asset == asset}
    while earliest in announced:
        earliest += daily.ONE_DAY
    if from_day < earliest or from_day in announced:
        raise DailyRatesInThePast(earliest=earliest)
