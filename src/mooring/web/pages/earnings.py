"""What was earned, day by day, and what rates were: charts with their tables. Source: EARN-1."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from mooring.earn import api as earn
from mooring.kernel.money import Amount
from mooring.web import charts
from mooring.web.figures import amount_text, percent_text, short_text
from mooring.web.visit import Visit

DAYS: Final = 30
#: How far back a chart of rates looks, at most.
_RATE_DAYS: Final = 365
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """
    A UTC day: what it earned by asset, and what that is worth today.

    Args:
        shown: what its bar is of, in words.
    """

    day: date
    amounts: tuple[Amount, ...]
    shown: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysChart:
    """Rewards of the last days, oldest first."""

    days: tuple[Day, ...]
    bars: tuple[charts.Bar, ...]
    zero: str
    most: Amount

    @property
    def columns(self) -> Iterable[tuple[Day, charts.Bar]]:
        """Each day with its bar."""
        return zip(self.days, self.bars, strict=True)

    @property
    def newest_first(self) -> tuple[Day, ...]:
        """The days that earned something, as the table lists them."""
        return tuple(day for day in reversed(self.days) if day.amounts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """
    What everything earned.

    Args:
        yesterday, to_date: worth today; what has no price is left out and named in `unpriced`.
        rows: by asset.
    """

    yesterday: Amount
    to_date: Amount
    rows: tuple[earn.RewardsEarned, ...]
    unpriced: tuple[str, ...]
    chart: DaysChart


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChange:
    """From when on a rate, or a ratio, held."""

    since: datetime
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RateChart:
    """A rate, or a ratio, over time; changes newest first."""

    name: str
    path: str
    begins: datetime
    ends: datetime
    changes: tuple[RateChange, ...]


def of_member(visit: Visit) -> Earned:
    """Return what all positions of the member earned."""
    rows = earn.rewards_earned(account_id=visit.account_id, at=visit.at)
    by_day = earn.rewards_by_day(account_id=visit.account_id, at=visit.at, days=DAYS)
    chart = _chart(visit, by_day, worth=visit.sum_of_values)
    return Earned(
        yesterday=visit.sum_of_values(row.yesterday for row in rows),
        to_date=visit.sum_of_values(row.to_date for row in rows),
        rows=rows,
        unpriced=tuple(row.to_date.asset for row in rows if visit.value_of(row.to_date) is None),
        chart=chart,
    )


def of_position(visit: Visit, position: earn.PositionView) -> DaysChart | None:
    """Return what one position earned by day; None of liquid staking, whose ratio grows."""
    if position.kind == "LIQUID":
        return None
    by_day = earn.rewards_by_day(
        account_id=visit.account_id, at=visit.at, days=DAYS, position_id=position.id
    )
    if not by_day:
        return None
    asset = position.rewards_paid.asset

    def worth(amounts: Iterable[Amount]) -> Amount:
        own = (amount for amount in amounts if amount.asset == asset)
        return sum(own, start=Amount.zero(asset))

    return _chart(visit, by_day, worth=worth)


def _chart(
    visit: Visit,
    by_day: Sequence[earn.RewardsOfDay],
    *,
    worth: Callable[[Iterable[Amount]], Amount],
) -> DaysChart:
    today = visit.at.date()
    found: dict[date, list[Amount]] = {}
    for one in by_day:
        found.setdefault(one.day, []).append(one.amount)
    days = []
    for back in range(DAYS, 0, -1):
        day = today - back * _A_DAY
        amounts = tuple(found.get(day, ()))
        days.append(Day(day=day, amounts=amounts, shown=worth(amounts)))
    bars, zero = charts.bars([day.shown.number for day in days])
    most = max((day.shown for day in days), key=lambda amount: amount.number)
    return DaysChart(days=tuple(days), bars=bars, zero=zero, most=most)


def rates_of(visit: Visit, product: earn.ProductView) -> RateChart | None:
    """Return how a product's rate, or its ratio, was over time; None where nothing is known."""
    is_liquid = product.kind == "LIQUID"
    if is_liquid:
        found = earn.ratio_history(product_id=product.id, at=visit.at)
    else:
        found = earn.rate_history(product, at=visit.at)
    if not found:
        return None
    oldest = max(found[-1][0], visit.at - _RATE_DAYS * _A_DAY)
    path = charts.steps(found[::-1], begin=oldest, end=visit.at, from_zero=not is_liquid)
    return RateChart(
        name=_name_of(product),
        path=path,
        begins=oldest,
        ends=visit.at,
        changes=tuple(
            RateChange(since=since, text=_text_of(product, number)) for since, number in found
        ),
    )


def daily_rates_of(visit: Visit, product: earn.ProductView) -> tuple[RateChart, ...]:
    """Return how what a product pays by the day was over time: the bonus, and the extra reward."""
    rates = visit.daily_rates.get(product.id) if product.kind == "FLEXIBLE" else None
    if rates is None:
        return ()
    drawn = []
    for asset in sorted({item.asset for item in rates.sets}, key=lambda one: one != product.asset):
        begun = [
            (datetime.combine(item.from_day, time.min, tzinfo=UTC), item.tiers)
            for item in rates.sets
            if item.asset == asset
        ]
        begun = [(since, tiers) for since, tiers in begun if since <= visit.at]
        if begun:
            drawn.append(_daily_chart(visit, product, asset, begun))
    return tuple(drawn)


def _daily_chart(
    visit: Visit,
    product: earn.ProductView,
    asset: str,
    begun: Sequence[tuple[datetime, Sequence[earn.Tier]]],
) -> RateChart:
    """
    Return the best rate of all tiers over time; the table beside it has each of them.

    Args:
        begun: from when on which tiers held, oldest first.
    """
    name = _("Bonus a year, by the day: the best tier")
    if asset != product.asset:
        name = _("Extra reward a year in %(asset)s, by the day: the best tier") % {"asset": asset}
    oldest = max(begun[0][0], visit.at - _RATE_DAYS * _A_DAY)
    best = [(since, max((one.rate for one in tiers), default=Decimal(0))) for since, tiers in begun]
    return RateChart(
        name=name,
        path=charts.steps(best, begin=oldest, end=visit.at),
        begins=oldest,
        ends=visit.at,
        changes=tuple(
            RateChange(since=since, text=_tiers_text(tiers, product.asset))
            for since, tiers in reversed(begun)
        ),
    )


def _tiers_text(tiers: Sequence[earn.Tier], asset: str) -> str:
    said = [
        _("%(rate)s above %(above)s")
        % {"rate": percent_text(tier.rate), "above": short_text(Amount(tier.above, asset))}
        if tier.above
        else percent_text(tier.rate)
        for tier in tiers
        if tier.rate
    ]
    # Translators: joins "5 % " and "1 % above 1,000 USDT".
    return _(", ").join(said) or _("nothing")


def _name_of(product: earn.ProductView) -> str:
    if product.kind == "LIQUID":
        return _("What one %(token)s was worth") % {"token": product.token}
    if product.kind == "LOCKED":
        return _("Rate a year that was offered")
    return _("Rate a year over time")


def _text_of(product: earn.ProductView, number: Decimal) -> str:
    apart = product.terms.reward_asset
    if product.kind == "LIQUID":
        return amount_text(Amount(number, product.asset))
    if apart not in {None, product.asset}:
        return amount_text(Amount(number, apart))
    return percent_text(number)
