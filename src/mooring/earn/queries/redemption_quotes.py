"""Quotes: every consequence of leaving, before the click (EARN-4)."""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from mooring.earn import errors, liquid_errors
from mooring.earn import policies as earn_policies
from mooring.earn.facts import Destination, Quote, RewardsApart, Speed, Wait
from mooring.earn.queries.daily import daily_rates, growths_at_midnights
from mooring.earn.queries.holdings import get_holding, growths_at
from mooring.earn.queries.purses import read_purses_of_rewards
from mooring.earn.queries.ways_out import read_ways_out
from mooring.earn.rules import claw_back, daily, dates, rewards
from mooring.earn.rules.daily import Tier
from mooring.earn.rules.flexible_exit import Way, earned_meanwhile, leave_flexible
from mooring.earn.rules.redemption import Holding, Leaving, leave_locked, part_of_rewards
from mooring.kernel import db, rounding
from mooring.kernel.money import Amount
from mooring.policies import api as policies


def quote_redemption(
    *,
    account_id: int,
    position_id: int,
    amount: Amount | None,
    at: datetime,
    destination: Destination = "SPOT",
    speed: Speed = "FAST",
) -> Quote:
    """
    Return what a redemption would do if it were confirmed within the quote's validity.

    Args:
        amount: how much; None for the whole position.
        speed: flexible: which way out.

    Raises:
        PositionNotFound, WrongAsset and the refusals of `rules.redemption`: what redeeming
        would refuse, the quote refuses already.

    Source: EARN-4; domain rules §2.1.
    """
    holding = get_holding(account_id=account_id, position_id=position_id)
    return _quotes(holding, amount, at=at, destination=destination, speeds=[speed])[0]


def quote_ways(
    *,
    account_id: int,
    position_id: int,
    amount: Amount | None,
    at: datetime,
    destination: Destination = "SPOT",
) -> tuple[Quote, ...]:
    """
    Return a quote for each way out that a position has, the fast one first.

    Args:
        amount: how much; None for the whole position.

    Raises:
        As `quote_redemption`, where no way is open.
    """
    holding = get_holding(account_id=account_id, position_id=position_id)
    speeds: tuple[Speed, ...] = ("FAST",)
    if holding.kind == "FLEXIBLE" and holding.terms.standard_days is not None:
        speeds = ("FAST", "STANDARD") if holding.terms.is_instant else ("STANDARD",)
    return tuple(_quotes(holding, amount, at=at, destination=destination, speeds=speeds))


def _quotes(
    holding: Holding,
    amount: Amount | None,
    *,
    at: datetime,
    destination: Destination,
    speeds: Sequence[Speed],
) -> list[Quote]:
    """Return a quote for each speed; a position that is not flexible has none and one quote."""
    if holding.kind == "LIQUID":
        raise liquid_errors.LiquidStakingOnly(product_code=holding.product_code)
    if amount is not None and amount.asset != holding.asset:
        raise errors.WrongAsset(asset=holding.asset)
    number = None if amount is None else amount.number
    settings = policies.in_force(at=at)
    valid_until = at + timedelta(seconds=settings[earn_policies.QUOTE_VALID_SECONDS])

    def quote(leaving: Leaving) -> Quote:
        return _quote(
            holding, leaving, destination=destination, quoted_at=at, valid_until=valid_until
        )

    if holding.kind == "LOCKED":
        closed = read_ways_out([holding], at=at, limited=[], settings=settings).closed
        leaving = leave_locked(
            holding,
            amount=number,
            at=at,
            closed_until=closed.get(holding.product_id),
            purse=read_purses_of_rewards([holding], at=at).get(holding.id, claw_back.Purse()),
        )
        return [replace(quote(leaving), wait=_wait_for_the_end(holding, leaving))]
    is_limited = holding.terms.daily_limit_total is not None
    ways_out = read_ways_out(
        [holding], at=at, limited=[holding.product_id] if is_limited else [], settings=settings
    )
    quotes = []
    for speed in speeds:
        way = ways_out.way(holding, speed)
        leaving = _leave_flexible(holding, number, way, at=at)
        quotes.append(replace(quote(leaving), **_of_flexible(holding, leaving, way, at=at)))
    return quotes


def _leave_flexible(holding: Holding, amount: Decimal | None, way: Way, *, at: datetime) -> Leaving:
    minute = max(dates.minute_of(at), holding.accrued_minute)
    growth = growths_at([holding.product_id], minute=minute)[holding.product_id]
    if minute == holding.accrued_minute:
        growth = holding.growth
    return leave_flexible(holding, amount=amount, growth=growth, minute=minute, at=at, way=way)


def _of_flexible(holding: Holding, leaving: Leaving, way: Way, *, at: datetime) -> dict[str, Any]:
    """Return what only a quote of a flexible position says."""

    def of(number: Decimal) -> Amount:
        return Amount(number, holding.asset)

    meanwhile = None
    if leaving.runs_at is not None:
        until = dates.minute_of(leaving.runs_at)
        growth = growths_at([holding.product_id], minute=until)[holding.product_id]
        earned = earned_meanwhile(leaving.amount, growth_from=leaving.growth, growth_to=growth)
        meanwhile = of(rounding.floor_to(earned, rewards.REWARD_DECIMALS)[0])
    fast_left = way.left_today if leaving.speed == "FAST" else None
    return {
        "speed": leaving.speed,
        "queued_because": leaving.queued_because,
        "runs_at": leaving.runs_at,
        "earns_meanwhile": meanwhile,
        "left_today": None if fast_left is None else of(fast_left),
        "wait": _wait_for_the_day(holding, leaving, at=at),
    }


def _wait_for_the_day(holding: Holding, leaving: Leaving, *, at: datetime) -> Wait | None:
    """Say which daily rewards of today the amount keeps until the UTC day ends."""
    rates = daily_rates([holding.product_id]).get(holding.product_id)
    if rates is None or leaving.queued_because:
        return None
    today = daily.touched_on(holding, at=at)
    midnights = daily.midnights_needed(holding, rates, today=today)
    found = growths_at_midnights((holding.product_id, day) for day in midnights)
    growths = {day: growth for (_, day), growth in found.items()}
    low = daily.book(holding, rates, today=today, growths=growths).low
    if low is None:
        return None
    after = daily.free_for_daily(holding) + leaving.credited - leaving.amount
    bonus = _lost(low, min(low, after), rates.bonus_on(today))
    extra = _lost(low, min(low, after), rates.extra_on(today))
    if not (bonus or extra):
        return None
    until = daily.midnight(today) + dates.A_DAY
    return Wait(
        until=until,
        delivered_at=until + (leaving.arrives_from - at),
        receive_more=Amount(bonus, holding.asset),
        receive_total=Amount(leaving.net + bonus, holding.asset),
        extra_more=Amount(extra, rates.extra_asset) if rates.extra_asset and extra else None,
    )


def _lost(low: Decimal, low_after: Decimal, tiers: Sequence[Tier]) -> Decimal:
    lost = daily.reward_of_day(low, tiers) - daily.reward_of_day(low_after, tiers)
    return rounding.floor_to(lost, rewards.REWARD_DECIMALS)[0]


def _quote(
    holding: Holding,
    leaving: Leaving,
    *,
    destination: Destination,
    quoted_at: datetime,
    valid_until: datetime,
) -> Quote:
    def of(number: Decimal) -> Amount:
        return Amount(number, holding.asset)

    def reward(number: Decimal) -> Amount:
        return Amount(number, holding.reward_asset)

    return Quote(
        key=f"q{secrets.token_hex(12)}",
        account_id=holding.account_id,
        position_id=holding.id,
        product_code=holding.product_code,
        kind="LOCKED" if holding.kind == "LOCKED" else "FLEXIBLE",
        asset=holding.asset,
        is_early=leaving.type == "EARLY",
        whole=leaving.whole,
        amount=of(leaving.amount),
        principal=of(min(leaving.amount, holding.principal)),
        rewards_kept=reward(leaving.rewards_kept),
        accrued=reward(leaving.accrued),
        rewards_added=of(leaving.rewards_added),
        forfeited=of(leaving.forfeited),
        deducted=of(leaving.deducted),
        fee=of(leaving.fee),
        net=of(leaving.net),
        remaining=of(holding.principal + holding.pledged + leaving.credited - leaving.amount),
        destination=destination,
        arrives_from=leaving.arrives_from,
        arrives_until=leaving.arrives_until,
        undo_until=leaving.undo_until,
        quoted_at=quoted_at,
        valid_until=valid_until,
        minute=leaving.minute,
        version=holding.version,
        terms_id=holding.terms.id,
        wait=None,
        rewards_apart=_apart(holding, leaving),
    )


def _apart(holding: Holding, leaving: Leaving) -> RewardsApart | None:
    if holding.reward_asset == holding.asset:
        return None
    return RewardsApart(
        deducted=Amount(leaving.reward_deducted, holding.reward_asset),
        forfeited=Amount(leaving.reward_forfeited, holding.reward_asset),
        kept=Amount(leaving.reward_kept, holding.reward_asset),
        price=leaving.reward_price,
    )


def _wait_for_the_end(holding: Holding, leaving: Leaving) -> Wait | None:
    """Say what staying until the end brings, the position's own or its product's."""
    ends, delivered, days = holding.rewards_end, holding.delivers_at, holding.terms.duration_days
    if leaving.type != "EARLY" or ends is None or delivered is None or days is None:
        return None
    [(retires_at,)] = db.rows(
        "SELECT retires_at FROM earn_product WHERE id = %s", [holding.product_id]
    )
    if retires_at is not None and retires_at < ends:
        begun = ends - timedelta(days=days)
        days = dates.reward_days_ended(value_date=begun, duration_days=days, at=retires_at)
        ends = delivered = retires_at
    total = part_of_rewards(holding, leaving.amount, days=days)
    if holding.reward_asset != holding.asset:
        more = total - leaving.rewards_kept - leaving.reward_kept
        return Wait(
            until=ends,
            delivered_at=delivered,
            receive_more=Amount(leaving.amount - leaving.net, holding.asset),
            receive_total=Amount(leaving.amount, holding.asset),
            extra_more=Amount(more, holding.reward_asset),
        )
    # Paid rewards stay in spot when waiting; leaving takes back `deducted` of them.
    at_end = leaving.amount + total
    now = leaving.net + leaving.rewards_kept + leaving.deducted
    return Wait(
        until=ends,
        delivered_at=delivered,
        receive_more=Amount(at_end - now, holding.asset),
        receive_total=Amount(at_end, holding.asset),
    )
