"""A customer's flexible positions with what they earned: one statement, for who asks often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from mooring.earn.rules import dates, rewards
from mooring.earn.rules.rewards import RateFrom, growth_at
from mooring.kernel import db
from mooring.kernel.group_commit import GroupCommit
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class FlexiblePosition:
    """
    What is held in a flexible product, and what it earned.

    Args:
        amount: in the position, what it earned since the last credit included.
        pledged: the part of it that secures a loan.
        real_time: earned by the minute since the beginning, the same included.
        bonus: paid by the day since the beginning, in the product's asset.
        yesterday: of `real_time`, what was credited for the UTC day before.
        auto_subscribes: free spot follows once a day.
        pays_daily: the product has, had or will have rewards by the day.
    """

    id: int
    product_id: int
    product_code: str
    status: str
    apr: Decimal
    amount: Amount
    pledged: Amount
    real_time: Amount
    bonus: Amount
    yesterday: Amount
    auto_subscribes: bool
    pays_daily: bool


def list_flexible_positions(
    *,
    account_id: int,
    at: datetime,
    asset: str | None = None,
    product_code: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[tuple[FlexiblePosition, ...], int]:
    """
    Return a page of what a customer holds in flexible products, and how many there are in all.

    By asset, newest first, as `list_positions`.
    """
    found = _PAGES.submit(
        _Asked(
            account_id=account_id,
            at=at,
            asset=asset,
            product_code=product_code,
            limit=limit,
            offset=offset,
        ),
        at=at,
    )
    if not found and offset:
        # Beyond the last page: how many there are is told by the first.
        _, total = list_flexible_positions(
            account_id=account_id, at=at, asset=asset, product_code=product_code, limit=1
        )
        return (), total
    return tuple(_position(row, at=at) for row in found), found[0][-1] if found else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Whose positions somebody wants to know, and which of them."""

    account_id: int
    at: datetime
    asset: str | None
    product_code: str | None
    limit: int
    offset: int


def _read(wanted: Sequence[_Asked], _at: datetime) -> list[list[Sequence[Any]]]:
    """Return the rows of each page."""
    midnights = [dates.start_of_day(one.at) for one in wanted]
    pages: list[list[Sequence[Any]]] = [[] for _ in wanted]
    found = db.rows(
        _STATEMENT,
        [
            db.array(one.account_id for one in wanted),
            db.array(dates.minute_of(one.at) for one in wanted),
            db.array((midnight - dates.A_DAY).isoformat() for midnight in midnights),
            db.array(midnight.isoformat() for midnight in midnights),
            [one.asset for one in wanted],
            [one.product_code for one in wanted],
            db.array(one.limit for one in wanted),
            db.array(one.offset for one in wanted),
        ],
    )
    for place, *row in found:
        pages[place - 1].append(row)
    return pages


#: Who asks at the same time asks together.
_PAGES: GroupCommit[_Asked, list[Sequence[Any]]] = GroupCommit(_read)

_STATEMENT: Final = """
    SELECT asked.place, page.*
    FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::text[],
        %s::text[], %s::bigint[], %s::bigint[]) WITH ORDINALITY
        AS asked (account_id, minute, begins, ends, asset, code, size, skipped, place)
    CROSS JOIN LATERAL (
        SELECT position.id, product.id AS product_id, product.code, product.asset, position.status,
            principal.balance, position.pledged, position.queued, position.accrued_minute,
            position.growth, position.carry, rate.from_minute, coalesce(rate.apr, 0), rate.growth,
            earned.real_time, earned.bonus, earned.yesterday, coalesce(wish.is_on, FALSE),
            EXISTS (SELECT FROM earn_daily_rate WHERE product_id = product.id), count(*) OVER ()
        FROM earn_position AS position
        INNER JOIN earn_product AS product ON product.id = position.product_id
        INNER JOIN ledger_account AS principal ON principal.id = position.principal_account
        LEFT JOIN earn_auto_subscription AS wish
            ON wish.account_id = position.account_id AND wish.product_id = product.id
        LEFT JOIN LATERAL (
            SELECT from_minute, apr, growth FROM earn_rate
            WHERE product_id = product.id AND from_minute <= asked.minute
            ORDER BY from_minute DESC LIMIT 1
        ) AS rate ON TRUE
        CROSS JOIN LATERAL (
            SELECT
                coalesce(sum(entry.amount)
                    FILTER (WHERE book.kind = 'EARN_REALTIME_REWARD'), 0) AS real_time,
                coalesce(-sum(entry.amount)
                    FILTER (WHERE book.kind = 'EARN_DAILY_PAID'), 0) AS bonus,
                coalesce(sum(entry.amount) FILTER (
                    WHERE book.kind = 'EARN_REALTIME_REWARD'
                    AND journal.effective_at > asked.begins AND journal.effective_at <= asked.ends
                ), 0) AS yesterday
            FROM (VALUES
                (position.principal_account, 'EARN_REALTIME_REWARD'),
                (position.rewards_account, 'EARN_DAILY_PAID')
            ) AS book (id, kind)
            INNER JOIN ledger_entry AS entry
                ON entry.account_id = book.id AND entry.balance_after IS NOT NULL
            INNER JOIN ledger_journal AS journal
                ON journal.id = entry.journal_id AND journal.kind = book.kind
        ) AS earned
        WHERE position.account_id = asked.account_id
        AND position.kind = 'FLEXIBLE' AND position.status <> 'PAID'
        AND (asked.asset IS NULL OR product.asset = asked.asset)
        AND (asked.code IS NULL OR product.code = asked.code)
        ORDER BY product.asset, position.id DESC LIMIT asked.size OFFSET asked.skipped
    ) AS page
    ORDER BY asked.place, page.asset, page.id DESC
"""


def _position(row: Sequence[Any], *, at: datetime) -> FlexiblePosition:
    (
        id_, product_id, code, asset, status, balance, pledged, queued, accrued_minute, growth,
        carry, rate_from, apr, rate_growth, real_time, bonus, yesterday, wishes, daily, _total,
    ) = row  # fmt: skip
    held = balance + pledged + queued
    accrued, minute = Decimal(0), dates.minute_of(at)
    if status == "HOLDING" and minute > accrued_minute:
        rate = RateFrom(from_minute=rate_from, apr=apr, growth=rate_growth)
        accrued = rewards.accrue(
            balance=held, carry=carry, growth_from=growth, growth_to=growth_at(rate, minute)
        ).credited
    return FlexiblePosition(
        id=id_,
        product_id=product_id,
        product_code=code,
        status=status,
        apr=apr,
        amount=Amount(held + accrued, asset),
        pledged=Amount(pledged, asset),
        real_time=Amount(real_time + accrued, asset),
        bonus=Amount(bonus, asset),
        yesterday=Amount(yesterday, asset),
        auto_subscribes=wishes,
        pays_daily=daily,
    )
