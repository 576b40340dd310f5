"""What liquid staking was worth day by day, and what a holding of it gained."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from mooring.earn.facts import ProductView
from mooring.earn.rules import dates
from mooring.earn.rules.liquid import gain_of, worth_of, yearly_rate
from mooring.kernel import db
from mooring.kernel.money import Amount

#: The ratios of a time, and the two that were published last before it.
_RATIOS: Final = """
    SELECT effective_from, ratio FROM earn_ratio
    WHERE product_id = %(product_id)s AND effective_from <= %(until)s
    AND effective_from >= coalesce((
        SELECT effective_from FROM earn_ratio
        WHERE product_id = %(product_id)s AND effective_from <= %(since)s
        ORDER BY effective_from DESC OFFSET 1 LIMIT 1
    ), '-infinity')
    ORDER BY effective_from
"""
# One pass over the customer's token: the last entry before each of the moments.
_HELD: Final = """
    SELECT DISTINCT ON (place)
        width_bucket(journal.effective_at, %(moments)s::timestamptz[]) AS place,
        entry.journal_id, entry.balance_after
    FROM earn_position AS position
    INNER JOIN ledger_entry AS entry
        ON entry.account_id = position.principal_account AND entry.balance_after IS NOT NULL
    INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
    WHERE position.account_id = %(account_id)s AND position.product_id = %(product_id)s
    AND position.kind = 'LIQUID' AND journal.effective_at < %(last)s
    ORDER BY place, entry.journal_id DESC
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioOfDay:
    """
    What a token was worth at a midnight of UTC.

    Args:
        apr: the yearly rate that follows from the two ratios published last until then; 0 before
            the second.
    """

    at: datetime
    ratio: Decimal
    apr: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class GainOfDay:
    """
    What a holding of liquid staking gained in the UTC day that ended at a midnight.

    Args:
        gained: of each ratio that began in the day, what it made the tokens worth more that were
            held right before it; in the asset.
        tokens, worth: what was held at the day's end.
    """

    at: datetime
    gained: Amount
    tokens: Amount
    worth: Amount
    apr: Decimal


def ratios_by_day(
    product: ProductView, *, since: datetime, until: datetime
) -> tuple[RatioOfDay, ...]:
    """
    Return what a token was worth at each UTC midnight of a time, both ends included, newest first.

    Midnights before the first ratio are missing.

    Args:
        until: not after now: a ratio that is only announced may still be replaced.
    """
    return _by_day(_ratios(product, since=since, until=until), since=since, until=until)


def gains_by_day(
    product: ProductView, *, account_id: int, since: datetime, until: datetime
) -> tuple[GainOfDay, ...]:
    """
    Return what a customer's tokens gained by their ratio, by UTC day, newest first.

    Of the days whose end lies between `since` and `until`, both included; those on which nothing
    was held or gained are missing. What is held is the token in spot, however it came there.
    """
    steps = _ratios(product, since=since - dates.A_DAY, until=until)
    days = _by_day(steps, since=since, until=until)
    if not days:
        return ()
    changes = _changes(steps, after=days[-1].at - dates.A_DAY)
    moments = sorted({*(day.at for day in days), *(since for since, *_ in changes)})
    held = _held(product, account_id=account_id, moments=moments)
    gained: dict[datetime, Decimal] = {}
    for begins, before, after in changes:
        midnight = _midnight_from(begins)
        gain = gain_of(held[begins], before=before, after=after)
        gained[midnight] = gained.get(midnight, Decimal(0)) + gain
    return tuple(
        GainOfDay(
            at=day.at,
            gained=Amount(gained.get(day.at, Decimal(0)), product.asset),
            tokens=Amount(held[day.at], product.token or ""),
            worth=Amount(worth_of(held[day.at], ratio=day.ratio), product.asset),
            apr=day.apr,
        )
        for day in days
        if held[day.at] or gained.get(day.at)
    )


def gained_between(
    product: ProductView, *, account_id: int, since: datetime, until: datetime
) -> Amount:
    """Return what a customer's tokens gained by the ratios that began after `since`, in all."""
    changes = _changes(_ratios(product, since=since, until=until), after=since)
    held = _held(product, account_id=account_id, moments=[begins for begins, *_ in changes])
    gains = (gain_of(held[begins], before=before, after=after) for begins, before, after in changes)
    return Amount(sum(gains, start=Decimal(0)), product.asset)


def _ratios(
    product: ProductView, *, since: datetime, until: datetime
) -> list[tuple[datetime, Decimal]]:
    """Return the ratios of a time with the two before it, oldest first."""
    return [
        (begins, ratio)
        for begins, ratio in db.rows(
            _RATIOS, {"product_id": product.id, "since": since, "until": until}
        )
    ]


def _by_day(
    steps: Sequence[tuple[datetime, Decimal]], *, since: datetime, until: datetime
) -> tuple[RatioOfDay, ...]:
    if not steps:
        return ()
    midnight = _midnight_from(max(since, steps[0][0]))
    found, place = [], 0
    while midnight <= until:
        while place + 1 < len(steps) and steps[place + 1][0] <= midnight:
            place += 1
        apr = Decimal(0)
        if place:
            (earlier, before), (later, after) = steps[place - 1 : place + 1]
            apr = yearly_rate(before, after, lasted=later - earlier)
        found.append(RatioOfDay(at=midnight, ratio=steps[place][1], apr=apr))
        midnight += dates.A_DAY
    return tuple(reversed(found))


def _midnight_from(at: datetime) -> datetime:
    """Return the first midnight that is not before a time."""
    return dates.start_of_day(at + dates.A_DAY - timedelta(microseconds=1))


def _changes(
    steps: Sequence[tuple[datetime, Decimal]], *, after: datetime
) -> list[tuple[datetime, Decimal, Decimal]]:
    """Return the ratios that began after a time, each with the one before it."""
    return [
        (begins, before, ratio)
        for (_, before), (begins, ratio) in pairwise(steps)
        if begins > after
    ]


def _held(
    product: ProductView, *, account_id: int, moments: Sequence[datetime]
) -> dict[datetime, Decimal]:
    """
    Return the tokens that a customer held right before moments.

    Args:
        moments: in order.
    """
    if not moments:
        return {}
    parameters: dict[str, Any] = {
        "moments": list(moments),
        "last": moments[-1],
        "account_id": account_id,
        "product_id": product.id,
    }
    entries = {place: (journal, left) for place, journal, left in db.rows(_HELD, parameters)}
    held: dict[datetime, Decimal] = {}
    newest: tuple[int, Decimal] = (0, Decimal(0))
    for place, moment in enumerate(moments):
        # The book's order counts, as everywhere: the last entry is that of the last journal.
        newest = max(newest, entries.get(place, newest))
        held[moment] = newest[1]
    return held
