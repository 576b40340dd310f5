"""When Earn next has something to do: for the sandbox's "until the next event"."""

from datetime import datetime, timedelta

from mooring.earn import policies as earn_policies
from mooring.earn.rules import dates
from mooring.kernel import db
from mooring.policies import api as policies


def next_midnight(at: datetime) -> datetime | None:
    """Return when the next day ends, if anything earns."""
    earning = db.rows("SELECT 1 FROM earn_position WHERE status = 'HOLDING' LIMIT 1")
    return dates.start_of_day(at) + dates.A_DAY if earning else None


def next_payout_at(at: datetime) -> datetime | None:
    """Return when booked or soon booked rewards of locked positions are next paid."""
    delay = timedelta(minutes=policies.in_force(at=at)[earn_policies.PAYOUT_DELAY_MINUTES])
    earning = db.rows(
        "SELECT 1 FROM earn_position WHERE kind = 'LOCKED' AND exit IN ('', 'MATURE')"
        " AND (status = 'HOLDING' OR days_paid < days_accrued) LIMIT 1"
    )
    if not earning:
        return None
    payout = dates.start_of_day(at) + delay
    return payout if payout > at else payout + dates.A_DAY


def next_daily_payout_at(at: datetime) -> datetime | None:
    """Return when bonuses and extra rewards are next paid, if any are owed or being earned."""
    delay = timedelta(minutes=policies.in_force(at=at)[earn_policies.DAILY_PAYOUT_DELAY_MINUTES])
    earning = db.rows(
        "SELECT 1 FROM (SELECT DISTINCT product_id FROM earn_daily_rate WHERE rate > 0) AS paying"
        " WHERE EXISTS (SELECT 1 FROM earn_position AS position"
        "  WHERE position.product_id = paying.product_id AND position.status = 'HOLDING')"
        " OR EXISTS (SELECT 1 FROM earn_position AS position"
        "  WHERE position.product_id = paying.product_id AND position.awaits_payout)"
    )
    if not earning:
        return None
    payout = dates.start_of_day(at) + delay
    return payout if payout > at else payout + dates.A_DAY


def next_maturity_at(at: datetime) -> datetime | None:
    """Return when the next locked position's rewards end."""
    [(due,)] = db.rows(
        "SELECT min(rewards_end) FROM earn_position"
        " WHERE kind = 'LOCKED' AND status = 'HOLDING' AND rewards_end > %s",
        [at],
    )
    found: datetime | None = due
    return found


def next_delivery_at(at: datetime) -> datetime | None:
    """Return when the next redemption arrives."""
    [(due,)] = db.rows(
        "SELECT min(arrives_from) FROM earn_redemption"
        " WHERE status = 'PENDING' AND arrives_from > %s",
        [at],
    )
    found: datetime | None = due
    return found


def next_queued_at(at: datetime) -> datetime | None:
    """Return when the next redemption that waits runs."""
    [(due,)] = db.rows(
        "SELECT min(runs_at) FROM earn_redemption WHERE status = 'QUEUED' AND runs_at > %s", [at]
    )
    found: datetime | None = due
    return found


def next_retirement_at(at: datetime) -> datetime | None:
    """Return when the next product ends."""
    [(due,)] = db.rows("SELECT min(retires_at) FROM earn_product WHERE retires_at > %s", [at])
    found: datetime | None = due
    return found


def next_lateness_at(at: datetime) -> datetime | None:
    """Return when the window of a redemption that has not arrived ends next."""
    [(due,)] = db.rows(
        "SELECT min(arrives_until) FROM earn_redemption"
        " WHERE status IN ('QUEUED', 'PENDING') AND arrives_until > %s",
        [at],
    )
    found: datetime | None = due
    return found
