"""
What an amount would earn in so many days, and what each way out of it would give: a calculator.

Not a second set of rules: a position is made up as if the amount came in now, and the rules by
which the book pays rewards and lets positions go decide everything. Locked: these are the figures
of the contract. Flexible: rates change, so it is an estimate at those in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from mooring.earn import liquid_errors
from mooring.earn.facts import ProductView, Speed
from mooring.earn.rules import daily, dates, liquid, rewards
from mooring.earn.rules.daily import DailyRates, TiersFrom
from mooring.earn.rules.flexible_exit import Way, accrued, leave_flexible
from mooring.earn.rules.liquid import Unbonding
from mooring.earn.rules.redemption import Holding, Leaving, leave_locked
from mooring.earn.rules.rewards import RateFrom
from mooring.kernel.errors import Refusal
from mooring.kernel.money import Amount

_NOTHING: Final = Decimal(0)
#: At rates of today a year is far enough to look ahead.
_DAYS_WITHOUT_TERM: Final = 365
#: More than anybody has of anything.
_AMOUNT_MOST: Final = Decimal(10**12)
#: Rewards, and what they and the amount make together, are numbers of the book below it.
_COUNTED_BELOW: Final = Decimal(10**19)


class EstimateAmountOutOfRange(Refusal):
    """The product takes no such amount."""

    code = "earn_estimate_amount_out_of_range"

    def __init__(self, *, least: Amount, most: Amount) -> None:
        super().__init__(f"The amount must be from {least} to {most}.")
        self.least = least
        self.most = most


class EstimateDaysOutOfRange(Refusal):
    """The product has no so many days."""

    code = "earn_estimate_days_out_of_range"

    def __init__(self, *, least: int, most: int) -> None:
        super().__init__(f"The days must be a whole number from {least} to {most}.")
        self.least = least
        self.most = most


class EstimateTooLarge(Refusal):
    """It comes to more than the book can hold."""

    code = "earn_estimate_too_large"

    def __init__(self) -> None:
        super().__init__("This comes to more than can be counted.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOut:
    """
    One way out at the end of the days.

    Args:
        way: END of a term, EARLY, FAST or STANDARD of a flexible product, UNSTAKE of a token.
        amount: what leaves.
        deducted: of rewards paid before, taken back out of it.
        fee, net: what leaving costs, and what arrives.
        in_all: what the customer has then: what arrives, and the rewards that were paid to their
            wallet before and are not taken back.
        queued_because: it waits before it leaves, and why.
    """

    way: str
    amount: Amount
    deducted: Amount
    fee: Amount
    net: Amount
    in_all: Amount
    arrives_from: datetime
    arrives_until: datetime
    queued_because: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """
    What an amount would earn in so many days, if it came in now.

    Args:
        rewards: of the days: by the minute (flexible), or by the day (locked), in the asset that
            rewards are paid in.
        bonus, extra: what is paid by the day besides; None where nothing is.
        bonus_days: whole UTC days that earn by the day: the first one never does.
        until: when the days are over.
        ways: out of it then; the end of a term last. Empty: it cannot be left then.
        tokens: liquid staking: what the amount buys.
        is_exact: figures of a contract; otherwise an estimate at the rate in force.
    """

    product: ProductView
    amount: Amount
    days: int
    rewards: Amount
    bonus: Amount | None = None
    extra: Amount | None = None
    bonus_days: int = 0
    until: datetime
    ways: tuple[WayOut, ...]
    tokens: Amount | None = None
    is_exact: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """
    What an estimate depends on besides the product's terms.

    Args:
        daily: what the product pays by the day.
        ratio: liquid staking: what a token is worth.
        unbonding: how long the asset's chain takes to give back.
        queue_window: how long after its time what waited has to be there.
    """

    daily: DailyRates | None = None
    ratio: Decimal | None = None
    unbonding: Unbonding | None = None
    queue_window: timedelta = timedelta(0)


def days_most(product: ProductView) -> int:
    """Return how many days can be looked ahead: the term, or a year."""
    return product.terms.duration_days or _DAYS_WITHOUT_TERM


def amount_most(product: ProductView) -> Decimal:
    """Return the most that can be reckoned with: what one person may put in at once."""
    terms = product.terms
    bounds = (terms.maximum, terms.quota_per_person, terms.quota_total, _AMOUNT_MOST)
    return min(bound for bound in bounds if bound is not None)


def estimate(
    product: ProductView, *, amount: Amount, days: int, conditions: Conditions, at: datetime
) -> Estimate:
    """
    Return what an amount would earn in so many days, and what leaving then would give.

    Args:
        days: flexible: of 24 hours from now; locked: reward days, each of them paid.

    Raises:
        EstimateAmountOutOfRange, EstimateDaysOutOfRange, EstimateTooLarge, RatioNotKnown.
    """
    most = Amount(amount_most(product), product.asset)
    least = Amount(min(product.terms.minimum, most.number), product.asset)
    if not amount.is_positive or amount < least or most < amount:
        raise EstimateAmountOutOfRange(least=least, most=most)
    if not 1 <= days <= days_most(product):
        raise EstimateDaysOutOfRange(least=1, most=days_most(product))
    if product.kind == "LOCKED":
        return _locked(product, amount, days, at=at)
    if product.kind == "LIQUID":
        return _liquid(product, amount, days, conditions, at=at)
    return _flexible(product, amount, days, conditions, at=at)


def _locked(product: ProductView, amount: Amount, days: int, *, at: datetime) -> Estimate:
    terms, duration = product.terms, days_most(product)
    term = dates.locked_dates(
        purchased_at=at, duration_days=duration, redeem_period_days=terms.redeem_period_days
    )
    until = term.value_date + timedelta(days=days)
    earned = rewards.locked_reward(principal=amount.number, apr=product.apr, days=days)
    in_kind = terms.reward_asset in {None, product.asset}
    nothing = Amount.zero(product.asset)

    def holding(days_paid: int) -> Holding:
        opened = _opened(product, amount, at=at)
        opened.value_date, opened.rewards_end = term.value_date, term.rewards_end
        opened.delivers_at = term.delivers_at
        opened.days_accrued = opened.days_paid = days_paid
        return opened

    ways = []
    # What becomes of rewards in another asset depends on its price at that time.
    if days < duration and terms.early_redemption != "NONE" and in_kind:
        ways.append(_way("EARLY", leave_locked(holding(days), amount=None, at=until), nothing))
    if in_kind:
        ended = leave_locked(holding(duration), amount=None, at=term.rewards_end)
        ways.append(_way("END", ended, nothing))
    return Estimate(
        product=product,
        amount=amount,
        days=days,
        rewards=_countable(earned, terms.reward_asset or product.asset),
        until=until,
        ways=tuple(ways),
        is_exact=True,
    )


def _flexible(
    product: ProductView, amount: Amount, days: int, conditions: Conditions, *, at: datetime
) -> Estimate:
    begin = dates.minute_of(at)
    until, minute = at + timedelta(days=days), begin + days * dates.MINUTES_OF_A_DAY
    rate = RateFrom(from_minute=begin, apr=product.apr, growth=Decimal(1))
    growth = rewards.growth_at(rate, minute)
    holding = _opened(product, amount, at=at)
    earned = accrued(holding, growth=growth).credited
    in_force = _in_force(conditions.daily, daily.day_of(at))
    booked, bonus_days = _booked(holding, in_force, rate, until=until)
    leavings = [
        leave_flexible(
            holding,
            amount=None,
            growth=growth,
            minute=minute,
            at=until,
            way=_way_out(product, speed, conditions),
        )
        for speed in _speeds(product)
    ]
    pays_bonus = in_force is not None and bool(in_force.bonus_on(daily.day_of(at)))
    extra_asset = None if in_force is None else in_force.extra_asset
    bonus = _countable(booked[0], product.asset)
    return Estimate(
        product=product,
        amount=amount,
        days=days,
        rewards=_countable(earned, product.asset),
        bonus=bonus if pays_bonus else None,
        extra=None if extra_asset is None else _countable(booked[1], extra_asset),
        bonus_days=bonus_days,
        until=until,
        ways=tuple(_way(leaving.speed, leaving, bonus) for leaving in leavings),
    )


def _booked(
    holding: Holding, rates: DailyRates | None, rate: RateFrom, *, until: datetime
) -> tuple[tuple[Decimal, Decimal], int]:
    """Return the bonus and the extra reward of the whole days, and how many these are."""
    if rates is None:
        return (_NOTHING, _NOTHING), 0
    today = daily.day_of(until)
    growths: Mapping[date, Decimal] = {
        day: rewards.growth_at(rate, dates.minute_of(daily.midnight(day)))
        for day in daily.midnights_needed(holding, rates, today=today)
    }
    booked = daily.book(holding, rates, today=today, growths=growths)
    # The day of opening began with nothing.
    return (booked.bonus, booked.extra), len(daily.days_to_book(holding, rates, today=today)) - 1


def _in_force(rates: DailyRates | None, today: date) -> DailyRates | None:
    """Return what is paid by the day at present, as if it were so for good."""
    if rates is None or not rates.pays_on(today):
        return None
    sets = [TiersFrom(asset=rates.asset, from_day=today, tiers=rates.bonus_on(today))]
    extra = rates.extra_on(today)
    if rates.extra_asset and any(tier.rate for tier in extra):
        sets.append(TiersFrom(asset=rates.extra_asset, from_day=today, tiers=extra))
    return replace(rates, sets=[one for one in sets if any(tier.rate for tier in one.tiers)])


def _speeds(product: ProductView) -> list[Speed]:
    speeds: list[Speed] = ["FAST"] if product.terms.is_instant else []
    return [*speeds, "STANDARD"] if product.terms.standard_days is not None else speeds


def _way_out(product: ProductView, speed: Speed, conditions: Conditions) -> Way:
    terms, chain = product.terms, conditions.unbonding
    limits = [terms.daily_limit_per_person, terms.daily_limit_total]
    is_on_chain = product.family == "ONCHAIN" and chain is not None
    return Way(
        speed=speed,
        left_today=min((limit for limit in limits if limit is not None), default=None),
        unbonding_hours=(chain.hours_min, chain.hours_max) if chain and is_on_chain else None,
        queue_window=conditions.queue_window,
    )


def _liquid(
    product: ProductView, amount: Amount, days: int, conditions: Conditions, *, at: datetime
) -> Estimate:
    if conditions.ratio is None:
        raise liquid_errors.RatioNotKnown(product_code=product.code)
    staked = liquid.tokens_for(amount.number, ratio=conditions.ratio)
    worth = Amount(liquid.worth_of(staked.tokens, ratio=conditions.ratio), product.asset)
    until, none = at + timedelta(days=days), Amount.zero(product.asset)
    ways = []
    if conditions.unbonding is not None:
        arrives_from, arrives_until = conditions.unbonding.window(until)
        ways.append(
            WayOut(
                way="UNSTAKE",
                amount=worth,
                deducted=none,
                fee=none,
                net=worth,
                in_all=worth,
                arrives_from=arrives_from,
                arrives_until=arrives_until,
            )
        )
    return Estimate(
        product=product,
        amount=Amount(staked.cost, product.asset),
        days=days,
        rewards=none,
        until=until,
        ways=tuple(ways),
        tokens=Amount(staked.tokens, product.token or product.asset),
    )


def _opened(product: ProductView, amount: Amount, *, at: datetime) -> Holding:
    """Return a position as it would be if the amount came in now."""
    today = daily.day_of(at)
    return Holding(
        id=0,
        account_id=0,
        product_id=product.id,
        product_code=product.code,
        kind=product.kind,
        asset=product.asset,
        status="HOLDING",
        version=0,
        terms=product.terms,
        principal_account=0,
        principal=amount.number,
        spot=0,
        funding=0,
        accrued_minute=dates.minute_of(at),
        daily_booked=today,
        daily_paid=today,
        low_day=today,
        low=_NOTHING,
    )


def _way(way: str, leaving: Leaving, besides: Amount) -> WayOut:
    """
    Return a way out in figures.

    Args:
        besides: paid to the wallet before, of which leaving itself says nothing.
    """
    asset = besides.asset

    def of(number: Decimal) -> Amount:
        return _countable(number, asset)

    return WayOut(
        way=way,
        amount=of(leaving.amount),
        deducted=of(leaving.deducted),
        fee=of(leaving.fee),
        net=of(leaving.net),
        in_all=of(leaving.net + leaving.rewards_kept + leaving.deducted) + besides,
        arrives_from=leaving.arrives_from,
        arrives_until=leaving.arrives_until,
        queued_because=leaving.queued_because,
    )


def _countable(number: Decimal, asset: str) -> Amount:
    if number >= _COUNTED_BELOW:
        raise EstimateTooLarge
    return Amount(number, asset)
