"""What a customer's positions have earned: yesterday, in all, and day by day."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mooring.earn.rules import dates
from mooring.kernel import db
from mooring.kernel.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardsEarned:
    """
    What all positions of a customer earned in one asset, paid or not.

    Args:
        yesterday: in the UTC day before; what that day's end has not booked yet is missing.
        to_date: since the beginning, less what was taken back; today's days are not over.
    """

    yesterday: Amount
    to_date: Amount


def rewards_earned(*, account_id: int, at: datetime) -> tuple[RewardsEarned, ...]:
    """
    Return what a customer's positions earned up to the last midnight, by asset.

    One statement. A locked position that holds or matured whole is computed as its close
    computes it, not summed up: five hundred of them have fifteen thousand days. What was left
    early, also in part, and flexible positions are summed up from the book.
    """
    midnight = dates.start_of_day(at)
    found = db.rows(
        _EARNED,
        {
            "account_id": account_id,
            "position_id": None,
            "begin": midnight - dates.A_DAY,
            "end": midnight,
        },
    )
    return tuple(
        RewardsEarned(yesterday=Amount(yesterday, asset), to_date=Amount(to_date, asset))
        for asset, yesterday, to_date in found
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardsOfDay:
    """What was earned in a UTC day in one asset, less what was taken back in it."""

    day: date
    amount: Amount


def rewards_by_day(
    *, account_id: int, at: datetime, days: int = 30, position_id: int | None = None
) -> tuple[RewardsOfDay, ...]:
    """
    Return what each of the last UTC days that ended earned, oldest first; one statement.

    Days on which nothing was earned are missing. The sums are those of `rewards_earned`.

    Args:
        position_id: of one position only; another customer's earns nothing.
    """
    midnight = dates.start_of_day(at)
    found = db.rows(
        _BY_DAY,
        {
            "account_id": account_id,
            "position_id": position_id,
            "begin": midnight - days * dates.A_DAY,
            "end": midnight,
        },
    )
    return tuple(
        RewardsOfDay(day=day, amount=Amount(amount, asset)) for day, asset, amount in found
    )


# A day's rewards are booked at the midnight that ends it, and belong to it.
_SOURCES: Final = """
    WITH mine AS MATERIALIZED (
        SELECT
            position.*, product.asset,
            coalesce(terms.reward_asset, product.asset) AS reward_asset,
            terms.apr, terms.duration_days,
            position.kind = 'LOCKED' AND position.exit IN ('', 'MATURE') AND NOT EXISTS (
                SELECT FROM earn_redemption AS part
                WHERE part.position_id = position.id
                AND part.type = 'EARLY' AND part.status <> 'CANCELLED'
            ) AS is_whole
        FROM earn_position AS position
        INNER JOIN earn_product AS product ON product.id = position.product_id
        INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
        WHERE position.account_id = %(account_id)s AND position.kind <> 'LIQUID'
            AND (%(position_id)s::bigint IS NULL OR position.id = %(position_id)s)
    ),
    locked AS (
        SELECT
            reward_asset AS asset, apr, value_date, duration_days,
            CASE WHEN exit = 'MATURE' THEN (
                SELECT amount FROM earn_redemption AS redemption
                WHERE redemption.position_id = mine.id AND redemption.type = 'MATURE'
            ) ELSE (
                SELECT balance FROM ledger_account WHERE id = mine.principal_account
            ) END AS principal,
            greatest(0, least(duration_days,
                floor(extract(EPOCH FROM %(begin)s - value_date) / 86400))) AS days_before,
            greatest(0, least(duration_days,
                floor(extract(EPOCH FROM %(end)s - value_date) / 86400))) AS days_ended
        FROM mine
        WHERE is_whole
    ),
    booked AS (
        SELECT entry.asset, entry.amount, journal.effective_at
        FROM mine
        CROSS JOIN LATERAL (VALUES
            (principal_account, 'EARN_REALTIME_REWARD'), (rewards_account, 'EARN_DAILY_REWARD'),
            (extra_account, 'EARN_DAILY_REWARD'), (rewards_account, 'EARN_LOCKED_REWARD'),
            -- What is dropped of it when a position is left early, and what an undo gives back.
            (rewards_account, 'EARN_REDEEM_EARLY'), (rewards_account, 'EARN_REDEEM_UNDONE'),
            (rewards_account, 'EARN_RETIRED')
        ) AS book (id, kind)
        INNER JOIN ledger_entry AS entry
            ON entry.account_id = book.id AND entry.balance_after IS NOT NULL
        INNER JOIN ledger_journal AS journal
            ON journal.id = entry.journal_id AND journal.kind = book.kind
        WHERE NOT mine.is_whole AND journal.effective_at <= %(end)s
    ),
    kept AS (
        SELECT mine.reward_asset AS asset,
            CASE WHEN mine.reward_asset = mine.asset
                THEN redemption.rewards_added - redemption.deducted
                -- What is kept stays in its account, and is counted there.
                ELSE -redemption.reward_deducted
            END AS amount,
            redemption.requested_at
        FROM mine
        INNER JOIN earn_redemption AS redemption ON redemption.position_id = mine.id
        WHERE mine.kind = 'LOCKED' AND NOT mine.is_whole
        AND redemption.status <> 'CANCELLED' AND redemption.requested_at <= %(end)s
    )
"""
_EARNED: Final = f"""
    {_SOURCES},
    line AS (
        SELECT asset,
            div(principal * apr * days_ended * 1e8, 365) * 1e-8
                - div(principal * apr * days_before * 1e8, 365) * 1e-8 AS yesterday,
            div(principal * apr * days_ended * 1e8, 365) * 1e-8 AS to_date
        FROM locked
        UNION ALL
        SELECT asset, CASE WHEN effective_at > %(begin)s THEN amount ELSE 0 END, amount FROM booked
        UNION ALL
        SELECT asset, CASE WHEN requested_at > %(begin)s THEN amount ELSE 0 END, amount FROM kept
    )
    SELECT asset, sum(yesterday)::numeric(38, 18), sum(to_date)::numeric(38, 18)
    FROM line
    GROUP BY asset
    ORDER BY asset
"""  # noqa: S608 - no input in it
_BY_DAY: Final = f"""
    {_SOURCES},
    line AS (
        SELECT locked.asset,
            locked.value_date + (day.number - 1) * INTERVAL '24 hours' AS begins_at,
            div(principal * apr * day.number * 1e8, 365) * 1e-8
                - div(principal * apr * (day.number - 1) * 1e8, 365) * 1e-8 AS amount
        FROM locked
        CROSS JOIN LATERAL generate_series(days_before + 1, days_ended) AS day (number)
        UNION ALL
        SELECT asset, effective_at - INTERVAL '1 microsecond', amount FROM booked
        WHERE effective_at > %(begin)s
        UNION ALL
        SELECT asset, requested_at - INTERVAL '1 microsecond', amount FROM kept
        WHERE requested_at > %(begin)s
    )
    SELECT (begins_at AT TIME ZONE 'UTC')::date AS day, asset, sum(amount)::numeric(38, 18)
    FROM line
    GROUP BY day, asset
    HAVING sum(amount) <> 0
    ORDER BY day, asset
"""  # noqa: S608 - no input in it
