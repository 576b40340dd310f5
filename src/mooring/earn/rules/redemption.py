"""May a position be left, and what does leaving cost (domain rules §0.1-2, §1.3, §2.1-2.3)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final, TypeVar

from mooring.earn import errors
from mooring.earn.facts import Destination, PledgeView, Quote, TermsView
from mooring.earn.rules import claw_back, dates, rewards
from mooring.earn.rules.fees import fee_on
from mooring.kernel import rounding
from mooring.kernel.money import Amount

T = TypeVar("T")
_NONE: Final = Decimal(0)
_NO_PURSE: Final = claw_back.Purse()


@dataclass(slots=True)
class Holding:
    """
    A position under lock, as the rules see it; a batch changes it from request to request.

    Args:
        principal: the balance of its account in the book: what is free.
        spot, funding: the customer's accounts in the book.
        pledged, queued: flexible: in accounts of their own, earning as the principal does.
        credited_total: flexible: rewards credited by the minute so far.
        daily_booked, daily_paid, low_day, low, bonus_carry, extra_carry, extra_account:
            flexible: daily rewards, as `models.Position` explains them.
        redeeming: flexible: the balance of its redeeming account: what is queued, and what is on
            its way and earns no more.
        pledges: who holds what is pledged, read where there is any.
    """

    id: int
    account_id: int
    product_id: int
    product_code: str
    kind: str
    asset: str
    status: str
    version: int
    terms: TermsView
    principal_account: int
    principal: Decimal
    spot: int
    funding: int
    exit: str = ""
    accrued_minute: int = 0
    growth: Decimal = Decimal(1)
    carry: Decimal = _NONE
    rewards_account: int = 0
    redeeming_account: int = 0
    value_date: datetime | None = None
    rewards_end: datetime | None = None
    delivers_at: datetime | None = None
    days_accrued: int = 0
    days_paid: int = 0
    pledged: Decimal = _NONE
    queued: Decimal = _NONE
    pledged_account: int = 0
    credited_total: Decimal = _NONE
    daily_booked: date | None = None
    daily_paid: date | None = None
    low_day: date | None = None
    low: Decimal | None = None
    bonus_carry: Decimal = _NONE
    extra_carry: Decimal = _NONE
    extra_account: int = 0
    auto_renew: bool = False
    redeem_to: str = "SPOT"
    renewed_from: int = 0
    redeeming: Decimal = _NONE

    pledges: Sequence[PledgeView] = ()

    @property
    def earning(self) -> Decimal:
        """What earns by the minute: free, pledged and promised to leave later."""
        return rounding.EXACT.add(rounding.EXACT.add(self.principal, self.pledged), self.queued)

    @property
    def reward_asset(self) -> str:
        """What its terms pay rewards in."""
        return self.terms.reward_asset or self.asset


# Not frozen: freezing costs more than everything else that deciding one of a thousand does.
@dataclass(slots=True, kw_only=True)
class Leaving:
    """
    What leaving does, to the last digit; `amount` to `net` as in `Quote`.

    Args:
        credited: flexible: reward credited to the position just before.
        carry: flexible: what stays below the unit.
        carry_dropped: of a position that ends: below the unit, taken back by the platform.
        days: locked: whole reward days ended.
        newly_earned: locked: rewards of days that no close has booked yet.
        speed: flexible: which way out.
        queued_because, runs_at: flexible: it waits, why, and until when.
        ends: flexible: nothing is left in the position, nor on its way out of it.
        low_before, low_after: flexible, standard: as `models.Redemption` explains them.
        reward_deducted, reward_forfeited, reward_kept, reward_price: locked, rewards in another
            asset: as `models.Redemption` explains them. `accrued`, `rewards_kept` and
            `newly_earned` are in that asset then, `forfeited` and `rewards_added` nothing.
    """

    type: str
    whole: bool
    amount: Decimal
    net: Decimal
    arrives_from: datetime
    arrives_until: datetime
    minute: int = 0
    growth: Decimal = Decimal(1)
    credited: Decimal = _NONE
    carry: Decimal = _NONE
    carry_dropped: Decimal = _NONE
    accrued: Decimal = _NONE
    rewards_kept: Decimal = _NONE
    deducted: Decimal = _NONE
    forfeited: Decimal = _NONE
    rewards_added: Decimal = _NONE
    fee: Decimal = _NONE
    undo_until: datetime | None = None
    days: int = 0
    newly_earned: Decimal = _NONE
    speed: str = ""
    queued_because: str = ""
    runs_at: datetime | None = None
    ends: bool = False
    low_before: Decimal | None = None
    low_after: Decimal | None = None
    reward_deducted: Decimal = _NONE
    reward_forfeited: Decimal = _NONE
    reward_kept: Decimal = _NONE
    reward_price: Decimal | None = None

    @property
    def redemption_status(self) -> str:
        """The status a redemption begins with: fast money that need not wait is there at once."""
        if self.queued_because:
            return "QUEUED"
        return "PAID" if self.speed == "FAST" else "PENDING"


def check_quote(quote: Quote, holding: Holding, *, destination: Destination, at: datetime) -> None:
    """
    Refuse a quote that is out of time, of something else, or older than what happened since.

    Raises:
        QuoteExpired, QuoteChanged.
    """
    if at >= quote.valid_until:
        raise errors.QuoteExpired
    if quote.version != holding.version or quote.position_id != holding.id:
        raise errors.QuoteChanged
    if quote.destination != destination:
        raise errors.QuoteChanged
    if holding.accrued_minute > quote.minute:
        # A day was closed in between: the figures shown were of the day before.
        raise errors.QuoteChanged


def check_leaving(quote: Quote, leaving: Leaving) -> None:
    """
    Refuse to do anything but what the quote said (EARN-4).

    Raises:
        QuoteChanged: a figure differs. The arrival window moves with the moment of the
            request, by less than the quote's validity, and is not compared.
    """
    said = (quote.amount, quote.deducted, quote.forfeited, quote.rewards_added, quote.fee)
    if (quote.speed, quote.runs_at) != (leaving.speed, leaving.runs_at):
        raise errors.QuoteChanged
    does = (
        leaving.amount,
        leaving.deducted,
        leaving.forfeited,
        leaving.rewards_added,
        leaving.fee,
    )
    if tuple(amount.number for amount in said) != does or quote.net.number != leaving.net:
        raise errors.QuoteChanged
    apart = quote.rewards_apart
    said_apart = (
        (_NONE,) * 3
        if apart is None
        else tuple(amount.number for amount in (apart.deducted, apart.forfeited, apart.kept))
    )
    if said_apart != (leaving.reward_deducted, leaving.reward_forfeited, leaving.reward_kept):
        raise errors.QuoteChanged


def leave_locked(
    holding: Holding,
    *,
    amount: Decimal | None,
    at: datetime,
    closed_until: datetime | None = None,
    purse: claw_back.Purse = _NO_PURSE,
) -> Leaving:
    """
    Decide a redemption of a locked position: whole or a part, with what its terms take back.

    At or after the end of its rewards it counts as matured and loses nothing. Of a part, what was
    paid and what was earned is the difference between the whole and what stays: nothing is
    created by leaving in parts, and the rest goes on as if it had been alone.

    Args:
        amount: how much; None for the whole position.
        closed_until: when redemptions go on again; None while they do. Leaving early is decided
            all the same, at the figures of the request, and delivered no sooner than that.
        purse: what rewards that were paid in another asset are taken back from.

    Raises:
        PositionNotHolding, WholePositionOnly, EarlyRedemptionNotAllowed, AmountNotPositive,
        AmountExceedsPosition, BelowRedeemMinimum, BelowMinimumRemaining, RewardPriceNotKnown.
    """
    if holding.status != "HOLDING":
        raise errors.PositionNotHolding(status=holding.status)
    leaves = holding.principal if amount is None else amount
    is_whole = leaves == holding.principal
    has_ended = at >= _known(holding.rewards_end)
    if not is_whole and (has_ended or holding.terms.early_redemption != "PARTIAL"):
        raise errors.WholePositionOnly
    if has_ended:
        return _not_before(at, mature(holding))
    if holding.terms.early_redemption == "NONE":
        raise errors.EarlyRedemptionNotAllowed(until=_known(holding.rewards_end))
    if not is_whole:
        _check_part(holding, leaves)
    return _not_before(closed_until or at, _leave_early(holding, leaves, purse, at=at))


def part_of_rewards(holding: Holding, amount: Decimal, *, days: int) -> Decimal:
    """
    Return what a part of a locked principal earned in its first `days` reward days.

    Args:
        amount: the part, while it is still in the principal; all of it for the whole.
    """
    apr = _known(holding.terms.apr)
    whole = rewards.locked_reward(principal=holding.principal, apr=apr, days=days)
    rest = rounding.EXACT.subtract(holding.principal, amount)
    return whole - rewards.locked_reward(principal=rest, apr=apr, days=days)


def mature(holding: Holding) -> Leaving:
    """Decide what happens at the end of a locked position's rewards: everything is kept."""
    duration = _known(holding.terms.duration_days)
    paid, accrued, newly = _earned(holding, holding.principal, days=duration)
    return Leaving(
        type="MATURE",
        whole=True,
        amount=holding.principal,
        net=holding.principal,
        arrives_from=_known(holding.delivers_at),
        arrives_until=_known(holding.delivers_at) + dates.A_DAY,
        accrued=accrued,
        rewards_kept=paid,
        days=duration,
        newly_earned=newly,
    )


def _not_before(at: datetime, leaving: Leaving) -> Leaving:
    """Move a window that would begin before it can: its length stays."""
    starts = max(at, leaving.arrives_from)
    lasts = leaving.arrives_until - leaving.arrives_from
    return replace(leaving, arrives_from=starts, arrives_until=starts + lasts)


def _check_part(holding: Holding, leaves: Decimal) -> None:
    terms, asset = holding.terms, holding.asset
    if leaves <= 0:
        raise errors.AmountNotPositive
    stays = rounding.EXACT.subtract(holding.principal, leaves)
    if stays < 0:
        raise errors.AmountExceedsPosition(
            amount=Amount(leaves, asset), free=Amount(holding.principal, asset)
        )
    if leaves < terms.redeem_minimum:
        raise errors.BelowRedeemMinimum(
            amount=Amount(leaves, asset), minimum=Amount(terms.redeem_minimum, asset)
        )
    if stays < terms.minimum_remaining:
        raise errors.BelowMinimumRemaining(
            remaining=Amount(stays, asset), minimum=Amount(terms.minimum_remaining, asset)
        )


def _leave_early(
    holding: Holding, leaves: Decimal, purse: claw_back.Purse, *, at: datetime
) -> Leaving:
    terms = holding.terms
    duration = _known(terms.duration_days)
    ended = dates.reward_days_ended(
        value_date=_known(holding.value_date), duration_days=duration, at=at
    )
    # A request of the last moment before midnight may be decided after the day was booked.
    days = max(ended, holding.days_accrued)
    paid, accrued, newly = _earned(holding, leaves, days=days)
    kept = claw_back.kept(terms.claw_back, paid=paid, accrued=accrued, days=days, duration=duration)
    if holding.reward_asset == holding.asset:
        loss = claw_back.in_kind(paid=paid, accrued=accrued, kept=kept, leaves=leaves)
    else:
        loss = claw_back.in_another_asset(
            paid=paid,
            accrued=accrued,
            kept=kept,
            leaves=leaves,
            purse=purse,
            reward_asset=holding.reward_asset,
        )
    before_fee = rounding.EXACT.subtract(leaves, loss.deducted)
    fee = min(fee_on(leaves, terms.fee_rate), before_fee)
    grace = terms.grace_seconds
    return Leaving(
        type="EARLY",
        whole=leaves == holding.principal,
        amount=leaves,
        net=before_fee - fee + loss.rewards_added,
        arrives_from=at + timedelta(hours=terms.delivery_hours_min),
        arrives_until=at + timedelta(hours=terms.delivery_hours_max),
        accrued=accrued,
        rewards_kept=loss.rewards_kept,
        deducted=loss.deducted,
        forfeited=loss.forfeited,
        rewards_added=loss.rewards_added,
        fee=fee,
        undo_until=at + timedelta(seconds=grace) if grace else None,
        days=days,
        newly_earned=newly,
        reward_deducted=loss.reward_deducted,
        reward_forfeited=loss.reward_forfeited,
        reward_kept=loss.reward_kept,
        reward_price=loss.price,
    )


def _earned(holding: Holding, amount: Decimal, *, days: int) -> tuple[Decimal, Decimal, Decimal]:
    """Return rewards paid on an amount, earned and not paid, and of these those not booked."""

    def of(number: int) -> Decimal:
        return part_of_rewards(holding, amount, days=number)

    total, paid = of(days), of(holding.days_paid)
    return paid, total - paid, total - of(holding.days_accrued)


def _known(value: T | None) -> T:
    if value is None:
        message = "a locked position has its dates and its rate"
        raise TypeError(message)
    return value
