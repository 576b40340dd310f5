"""Close days of daily rewards: book what the day's least balance earned, pay it in the morning."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from mooring.earn.actions.chunks import in_chunks, one_chunk
from mooring.earn.queries.daily import daily_rates, growths_at_midnights
from mooring.earn.rules import daily, dates
from mooring.earn.rules.daily import DailyRates, Tier
from mooring.kernel import db
from mooring.ledger import api as ledger

_CLOSE: Final = (
    f"SELECT o_last_id, o_count FROM earn_close_daily_v1({', '.join(['%s'] * 7)},"  # noqa: S608 - no input in it
    f" {', '.join(['%s::numeric[]'] * 6)}, {', '.join(['%s'] * 6)})"
)
_PAY: Final = "SELECT o_last_id, o_count FROM earn_pay_daily_v1(%s, %s, %s, %s, %s, %s)"


def close_daily_share(
    *, product_id: int, day: date, share: tuple[int, int], size: int
) -> int | None:
    """
    Book a UTC day's daily rewards of a product's positions; return how many.

    Runs before the same day's rewards by the minute are credited, because the balance at the
    day's midnight is computed from a state that is not later. Each chunk is its own transaction
    and finds what is left to do.

    Args:
        share: positions after one id and up to another.
        size: of a chunk.

    Returns:
        None where the day pays nothing by the day.

    Source: domain rules §1.1, §1.2, §8 (a late run gives the same).
    """
    rates = daily_rates([product_id]).get(product_id)
    if rates is None or not rates.pays_on(day):
        return None
    begin, until = share
    pair = (product_id, day)
    # A product whose first rate came later had nothing that day.
    growth = growths_at_midnights([pair]).get(pair, 1)
    terms = [*_steps(rates.bonus_on(day)), *_steps(rates.extra_on(day))]

    def chunk(after: int) -> tuple[int | None, int]:
        reward_expense, extra_expense = _expenses(rates)
        minute = dates.minute_of(daily.midnight(day))
        which = [product_id, day, minute, growth, after, until, size]
        paid_by = [rates.asset, rates.extra_asset, reward_expense, extra_expense]
        key = f"earn.daily:{product_id}.{minute}"
        ended_at = daily.midnight(day) + dates.A_DAY
        return one_chunk(_CLOSE, [*which, *terms, *paid_by, key, ended_at])

    return in_chunks(chunk, size=size, begin=begin)


def _steps(tiers: Sequence[Tier]) -> list[str | None]:
    steps = daily.steps_of(tiers)
    if steps is None:
        return [None, None, None]
    return [db.array(column) for column in (steps.aboves, steps.bases, steps.rates)]


def _expenses(rates: DailyRates) -> list[int]:
    """Return the platform's accounts that pay the bonus and the extra reward."""
    assets = [rates.asset, rates.extra_asset or rates.asset]
    return ledger.open_accounts(
        [ledger.AccountName(ledger.Code.REWARD_EXPENSE, asset) for asset in assets]
    )


@db.transaction
def note_daily_closed(*, product_id: int, day: date, positions: int, at: datetime) -> None:
    """Remember that a product's day of daily rewards is in the book."""
    db.execute(
        "INSERT INTO earn_daily_close (product_id, day, positions, closed_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT ON CONSTRAINT earn_daily_close_once DO NOTHING",
        [product_id, day, positions, at],
    )


def pay_daily_rewards(*, through: datetime, size: int, at: datetime) -> int:
    """
    Pay booked daily rewards of days that ended by `through` to spot; return how many positions.

    Positions that were left meanwhile are paid too.

    Args:
        through: the policy's payout delay before `at`.
        size: of a chunk.
    """
    until = daily.day_of(through)
    total = 0
    for product_id, day in db.rows(_PAYABLE, [until]):
        count = _pay_product(product_id, until=until, size=size, at=at)
        _note_paid(product_id=product_id, day=day, positions=count, at=at)
        total += count
    return total


def _pay_product(product_id: int, *, until: date, size: int, at: datetime) -> int:
    def chunk(after: int) -> tuple[int | None, int]:
        key = f"earn.daily.pay:{product_id}"
        return one_chunk(_PAY, [product_id, until, after, size, key, at])

    return in_chunks(chunk, size=size)


@db.transaction
def _note_paid(*, product_id: int, day: date, positions: int, at: datetime) -> None:
    db.execute(
        "INSERT INTO earn_daily_payout (product_id, day, positions, paid_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT ON CONSTRAINT earn_daily_payout_once DO NOTHING",
        [product_id, day, positions, at],
    )


# Products with a day that is booked for every position and not paid, and the last such day. Who
# books a day by a touch is paid with the others of that day.
_PAYABLE: Final = (
    "SELECT closed.product_id, max(closed.day) FROM earn_daily_close AS closed"
    " WHERE closed.day < %s AND closed.day > coalesce((SELECT max(day) FROM earn_daily_payout"
    "  WHERE product_id = closed.product_id), '-infinity')"
    " GROUP BY closed.product_id ORDER BY closed.product_id"
)
