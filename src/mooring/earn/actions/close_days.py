"""Close days: put the rewards of days that ended into the book, as sets."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final

from django.db import connection

from mooring.earn.actions.chunks import in_chunks, one_chunk
from mooring.earn.actions.close_daily import close_daily_share, note_daily_closed
from mooring.earn.queries.holdings import growths_at
from mooring.earn.rules import dates
from mooring.kernel import db
from mooring.ledger import api as ledger

#: Positions per transaction: large enough for the set to pay, small enough that a customer
#: who redeems meanwhile waits less than a second.
CHUNK: Final = 10_000
#: Ids from which on a product is closed by two connections at once: what one writes while the
#: other computes is then nearly free. Below it a second connection costs more than it saves.
SHARED_FROM: Final = 100_000
_LAST_ID: Final = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDue:
    """A flexible product's UTC day that has ended and is not closed."""

    product_id: int
    asset: str
    ends_at: datetime

    @property
    def day(self) -> date:
        """The UTC day."""
        return (self.ends_at - dates.A_DAY).date()


def flexible_days_due(*, at: datetime) -> list[DayDue]:
    """Return the days to close, oldest first; a missed night is several days."""
    found = db.rows(
        "SELECT product.id, product.asset, day.ends_at"
        " FROM earn_product AS product"
        " CROSS JOIN LATERAL (SELECT min(from_minute) AS minute FROM earn_rate"
        "  WHERE product_id = product.id) AS first"
        " LEFT JOIN LATERAL (SELECT max(day) AS day FROM earn_day_close"
        "  WHERE product_id = product.id) AS closed ON TRUE"
        " CROSS JOIN LATERAL generate_series("
        "  coalesce((closed.day + 2)::timestamp AT TIME ZONE 'UTC',"
        "   date_trunc('day', to_timestamp(first.minute * 60), 'UTC') + INTERVAL '24 hours'),"
        "  %s, INTERVAL '24 hours') AS day (ends_at)"
        " WHERE product.kind = 'FLEXIBLE' AND first.minute IS NOT NULL"
        " ORDER BY day.ends_at, product.id",
        [at],
    )
    return [
        DayDue(product_id=product_id, asset=asset, ends_at=ends_at)
        for product_id, asset, ends_at in found
    ]


def close_flexible_day(due: DayDue, *, at: datetime) -> int:
    """
    Credit every position of a product up to the end of a day, chunk by chunk; return how many.

    What the day pays by the day is booked first, from the state that the day began with. Each
    chunk is its own transaction and finds what is left to do, so a close that was interrupted
    goes on where it stopped and one that runs twice credits once.

    Source: domain rules §1.3, §8 (the key is product and day; a late run gives the same).
    """
    shares = _shares(due.product_id)
    if len(shares) == 1:
        counts = [_close_share(due, shares[0])]
    else:
        with ThreadPoolExecutor(len(shares)) as threads:
            counts = list(threads.map(partial(_close_share_apart, due), shares))
    count = sum(closed for closed, _ in counts)
    booked = [number for _, number in counts if number is not None]
    if booked:
        note_daily_closed(product_id=due.product_id, day=due.day, positions=sum(booked), at=at)
    _note_closed(due, positions=count, at=at)
    return count


def _shares(product_id: int) -> list[tuple[int, int]]:
    """Part a large product's positions in two ranges of ids, for two connections."""
    [(first, last)] = db.rows(
        "SELECT min(id), max(id) FROM earn_position WHERE product_id = %s AND status = 'HOLDING'",
        [product_id],
    )
    if first is None or last - first < SHARED_FROM:
        return [(0, _LAST_ID)]
    middle = (first + last) // 2
    return [(0, middle), (middle, _LAST_ID)]


def _close_share_apart(due: DayDue, share: tuple[int, int]) -> tuple[int, int | None]:
    try:
        return _close_share(due, share)
    finally:
        # This thread's own.
        connection.close()


def _close_share(due: DayDue, share: tuple[int, int]) -> tuple[int, int | None]:
    """Return how many positions were credited, and of how many the day by itself was booked."""
    booked = close_daily_share(product_id=due.product_id, day=due.day, share=share, size=CHUNK)
    begin, until = share
    minute = dates.minute_of(due.ends_at)
    growth = growths_at([due.product_id], minute=minute)[due.product_id]

    def chunk(after: int) -> tuple[int | None, int]:
        [platform] = ledger.open_accounts(
            [ledger.AccountName(ledger.Code.REWARD_EXPENSE, due.asset)]
        )
        return one_chunk(
            "SELECT o_last_id, o_count FROM earn_close_flexible_v1(%s, %s, %s, %s, %s, %s, %s,"
            " %s, %s, %s)",
            [
                due.product_id,
                minute,
                growth,
                after,
                until,
                CHUNK,
                due.asset,
                platform,
                f"earn.close:{due.product_id}.{minute}",
                due.ends_at,
            ],
        )

    return _in_chunks(chunk, begin=begin), booked


@db.transaction
def _note_closed(due: DayDue, *, positions: int, at: datetime) -> None:
    db.execute(
        "INSERT INTO earn_day_close (product_id, day, positions, closed_at)"
        " VALUES (%s, %s, %s, %s) ON CONFLICT ON CONSTRAINT earn_day_close_once DO NOTHING",
        [due.product_id, due.day, positions, at],
    )


def close_locked_days(*, at: datetime) -> int:
    """Book the reward days of locked positions that ended by `at`; return how many positions."""

    def chunk_of(product_id: int, asset: str) -> Callable[[int], tuple[int | None, int]]:
        def chunk(after: int) -> tuple[int | None, int]:
            [platform] = ledger.open_accounts(
                [ledger.AccountName(ledger.Code.REWARD_EXPENSE, asset)]
            )
            return one_chunk(
                "SELECT o_last_id, o_count FROM earn_close_locked_v1(%s, %s, %s, %s, %s, %s, %s)",
                [
                    product_id,
                    dates.start_of_day(at),
                    after,
                    CHUNK,
                    asset,
                    platform,
                    f"earn.days:{product_id}.{dates.minute_of(dates.start_of_day(at))}",
                ],
            )

        return chunk

    return sum(_in_chunks(chunk_of(*product)) for product in db.rows(_BOOKABLE, [at]))


def pay_locked_rewards(*, through: datetime, at: datetime) -> int:
    """
    Pay booked rewards of reward days that ended by `through` to spot; return how many positions.

    Args:
        through: the policy's payout delay before `at`.
    """

    def chunk_of(product_id: int, asset: str) -> Callable[[int], tuple[int | None, int]]:
        def chunk(after: int) -> tuple[int | None, int]:
            day = dates.minute_of(dates.start_of_day(through))
            return one_chunk(
                "SELECT o_last_id, o_count FROM earn_pay_rewards_v1(%s, %s, %s, %s, %s, %s, %s)",
                [
                    product_id,
                    through,
                    after,
                    CHUNK,
                    asset,
                    f"earn.pay:{product_id}.{day}",
                    at,
                ],
            )

        return chunk

    return sum(_in_chunks(chunk_of(*product)) for product in db.rows(_PAYABLE, [through]))


# As in the functions of the closes, so that a worker that idles asks nothing else: products with
# a day that has ended and is not booked, and with one that is booked and not paid; each with what
# its terms ever paid rewards in.
_PAYS_IN: Final = (
    "SELECT product.id, pays.asset FROM earn_product AS product"
    " CROSS JOIN LATERAL (SELECT DISTINCT coalesce(reward_asset, product.asset) AS asset"
    "  FROM earn_terms WHERE product_id = product.id) AS pays"
)
_BOOKABLE: Final = (
    f"{_PAYS_IN} WHERE kind = 'LOCKED' AND EXISTS ("  # noqa: S608 - no input in it
    " SELECT 1 FROM earn_position AS position WHERE position.product_id = product.id"
    " AND position.kind = 'LOCKED' AND position.exit IN ('', 'MATURE')"
    " AND position.value_date + (position.days_accrued + 1) * INTERVAL '24 hours'"
    "  <= least(position.rewards_end, %s)"
    ") ORDER BY product.id, pays.asset"
)
_PAYABLE: Final = (
    f"{_PAYS_IN} WHERE kind = 'LOCKED' AND EXISTS ("  # noqa: S608 - no input in it
    " SELECT 1 FROM earn_position AS position WHERE position.product_id = product.id"
    " AND position.kind = 'LOCKED' AND position.exit IN ('', 'MATURE')"
    " AND position.days_paid < position.days_accrued"
    " AND position.value_date + (position.days_paid + 1) * INTERVAL '24 hours' <= %s"
    ") ORDER BY product.id, pays.asset"
)


def _in_chunks(chunk: Callable[[int], tuple[int | None, int]], *, begin: int = 0) -> int:
    return in_chunks(chunk, size=CHUNK, begin=begin)
