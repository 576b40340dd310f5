"""What Earn does by itself; the database says what is due, a unique key makes twice once."""

from datetime import datetime, timedelta

from mooring.earn import policies as earn_policies
from mooring.earn.actions.auto_subscribe import auto_subscribe
from mooring.earn.actions.carry_on import carry_on_due
from mooring.earn.actions.close_daily import pay_daily_rewards
from mooring.earn.actions.close_days import (
    CHUNK,
    close_flexible_day,
    close_locked_days,
    flexible_days_due,
    pay_locked_rewards,
)
from mooring.earn.actions.deliver import deliver_due
from mooring.earn.actions.flag_late import flag_late
from mooring.earn.actions.liquid_positions import follow_tokens
from mooring.earn.actions.mature import mature_due
from mooring.earn.actions.retire import retire_due
from mooring.earn.actions.run_queued import run_due
from mooring.earn.actions.settle import settle_due
from mooring.earn.queries.auto_subscriptions import auto_run_of, next_auto_run_at
from mooring.earn.queries.due import (
    next_daily_payout_at,
    next_delivery_at,
    next_lateness_at,
    next_maturity_at,
    next_midnight,
    next_payout_at,
    next_queued_at,
    next_retirement_at,
)
from mooring.kernel import jobs
from mooring.policies import api as policies


# First: what was promised for a midnight leaves with the rewards of that midnight, also when the
# days after it are closed in the same round.
@jobs.every(seconds=5, name="earn.run_queued", next_due=next_queued_at)
def run_queued(*, at: datetime) -> int:
    """Let redemptions arrive that waited for this time."""
    return run_due(at=at)


# Before positions mature: whose product ended first comes back pro rata.
@jobs.every(seconds=5, name="earn.retire", next_due=next_retirement_at)
def retire(*, at: datetime) -> int:
    """Let everything come back out of products that the operator ended."""
    return retire_due(at=at)


@jobs.every(seconds=5, name="earn.mature", next_due=next_maturity_at)
def mature(*, at: datetime) -> int:
    """Let positions whose rewards have ended come back."""
    return mature_due(at=at)


# Before days are closed, too: what goes into a flexible position earns from its delivery on.
@jobs.every(seconds=5, name="earn.carry_on", next_due=next_delivery_at)
def carry_on(*, at: datetime) -> int:
    """Let delivered principal go into other positions."""
    return carry_on_due(at=at)


@jobs.every(seconds=5, name="earn.close_flexible_days", next_due=next_midnight)
def close_flexible_days(*, at: datetime) -> int:
    """Book and credit the rewards of flexible days that ended, oldest first."""
    return sum(close_flexible_day(due, at=at) for due in flexible_days_due(at=at))


@jobs.every(seconds=5, name="earn.close_locked_days", next_due=next_midnight)
def book_locked_days(*, at: datetime) -> int:
    """Book the rewards of locked days that ended."""
    return close_locked_days(at=at)


@jobs.every(seconds=5, name="earn.pay_locked_rewards", next_due=next_payout_at)
def pay_rewards(*, at: datetime) -> int:
    """Pay booked rewards to spot, after the payout delay."""
    delay = policies.in_force(at=at)[earn_policies.PAYOUT_DELAY_MINUTES]
    return pay_locked_rewards(through=at - timedelta(minutes=delay), at=at)


@jobs.every(seconds=5, name="earn.pay_daily_rewards", next_due=next_daily_payout_at)
def pay_daily(*, at: datetime) -> int:
    """Pay booked bonuses and extra rewards to spot, after their payout delay."""
    delay = policies.in_force(at=at)[earn_policies.DAILY_PAYOUT_DELAY_MINUTES]
    return pay_daily_rewards(through=at - timedelta(minutes=delay), size=CHUNK, at=at)


@jobs.every(seconds=5, name="earn.settle", next_due=next_delivery_at)
def settle(*, at: datetime) -> int:
    """Deliver redemptions that are due."""
    return deliver_due(at=at) + settle_due(at=at)


@jobs.every(seconds=5, name="earn.auto_subscribe", next_due=next_auto_run_at)
def subscribe_by_itself(*, at: datetime) -> int:
    """Subscribe what is free in spot for who wishes that, once a day."""
    due_since = auto_run_of(at)
    return auto_subscribe(day=due_since.date(), due_since=due_since, at=at)


# Nothing says when tokens come: it looks each time it is woken.
@jobs.every(seconds=60, name="earn.follow_tokens", next_due=lambda _at: None)
def open_for_tokens(*, at: datetime) -> int:
    """Open positions for tokens of liquid staking that came another way."""
    return follow_tokens(at=at)


# Last: what is delivered in this round is not late.
@jobs.every(seconds=5, name="earn.flag_late", next_due=next_lateness_at)
def flag_late_redemptions(*, at: datetime) -> int:
    """Mark what is past its window, tell the customer, alert the operator."""
    return flag_late(at=at)
