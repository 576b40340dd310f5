"""What customers are owed soon, against what is at hand; for the operator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mooring.earn.rules.dates import A_DAY
from mooring.kernel import db
from mooring.kernel.money import Amount

_A_WEEK: Final = 7 * A_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Liquidity:
    """
    One asset.

    Args:
        in_a_day, in_a_week: on its way, or due because its term or its product ends, by then.
        at_any_time: free in flexible positions besides: it may be asked for at once.
        held: in our hot wallet.
        back_in_a_day, back_in_a_week: what protocols were asked for and give back by then at the
            latest, as the unbonding periods said when they were asked.
    """

    in_a_day: Amount
    in_a_week: Amount
    at_any_time: Amount
    held: Amount
    back_in_a_day: Amount
    back_in_a_week: Amount

    @property
    def is_short(self) -> bool:
        """Whether the next day or the next seven take more than there is by then."""
        short_soon = self.held + self.back_in_a_day < self.in_a_day
        return short_soon or self.held + self.back_in_a_week < self.in_a_week


def list_liquidity(*, at: datetime) -> tuple[Liquidity, ...]:
    """Return each asset in which anything is owed out of Earn, or held; by code."""
    found = db.rows(_LIQUIDITY, {"day": at + A_DAY, "week": at + _A_WEEK})
    return tuple(
        Liquidity(
            in_a_day=Amount(day, asset),
            in_a_week=Amount(week, asset),
            at_any_time=Amount(free, asset),
            held=Amount(held, asset),
            back_in_a_day=Amount(back_day, asset),
            back_in_a_week=Amount(back_week, asset),
        )
        for asset, day, week, free, held, back_day, back_week in found
    )


# What is renewed stays, unless its product ends before. A debit is negative in the book: what we
# hold is one.
_LIQUIDITY: Final = """
    WITH asked AS (
        SELECT book.asset, -movement.amount AS amount,
            journal.effective_at + (SELECT unbonding.hours_max FROM earn_unbonding AS unbonding
                WHERE unbonding.asset = book.asset
                    AND unbonding.effective_from <= journal.effective_at
                ORDER BY unbonding.effective_from DESC LIMIT 1) * INTERVAL '1 hour' AS due
        FROM ledger_account AS book
        INNER JOIN ledger_movement AS movement ON movement.account_id = book.id
        INNER JOIN ledger_journal AS journal ON journal.id = movement.journal_id
        WHERE book.code = 1031
    ),
    back AS (
        -- What came back is what was asked for first.
        SELECT asset,
            greatest(0, coalesce(sum(amount) FILTER (WHERE amount < 0 OR due <= %(day)s), 0))
                AS in_a_day,
            greatest(0, coalesce(sum(amount) FILTER (WHERE amount < 0 OR due <= %(week)s), 0))
                AS in_a_week
        FROM asked GROUP BY asset
    ),
    line AS (
        SELECT product.asset, greatest(redemption.runs_at, redemption.arrives_from) AS due,
            CASE WHEN redemption.status = 'QUEUED' AND redemption.type <> 'LIQUID'
                THEN redemption.amount ELSE redemption.net END AS owed,
            0 AS free, 0 AS held
        FROM earn_redemption AS redemption
        INNER JOIN earn_position AS position ON position.id = redemption.position_id
        INNER JOIN earn_product AS product ON product.id = position.product_id
        WHERE redemption.status IN ('QUEUED', 'PENDING')
            AND redemption.destination IN ('SPOT', 'FUNDING')
        UNION ALL
        SELECT principal.asset, position.delivers_at, principal.balance, 0, 0
        FROM earn_position AS position
        INNER JOIN earn_product AS product ON product.id = position.product_id
        INNER JOIN ledger_account AS principal ON principal.id = position.principal_account
        WHERE position.kind = 'LOCKED' AND position.status = 'HOLDING'
            AND position.rewards_end <= %(week)s AND NOT position.auto_renew
            AND position.redeem_to <> 'FLEXIBLE'
            AND coalesce(product.retires_at >= position.rewards_end, TRUE)
        UNION ALL
        SELECT principal.asset, product.retires_at, principal.balance,
            CASE position.kind WHEN 'FLEXIBLE' THEN -principal.balance ELSE 0 END, 0
        FROM earn_product AS product
        INNER JOIN earn_position AS position ON position.product_id = product.id
        INNER JOIN ledger_account AS principal ON principal.id = position.principal_account
        WHERE product.retires_at <= %(week)s AND position.status = 'HOLDING'
            AND (position.kind = 'FLEXIBLE' OR (position.rewards_end > product.retires_at
                AND position.redeem_to <> 'FLEXIBLE'))
        UNION ALL
        SELECT asset, NULL, 0, balance, 0 FROM ledger_account WHERE code = 2130 AND balance > 0
        UNION ALL
        SELECT book.asset, NULL, 0, 0, -movement.amount
        FROM ledger_account AS book
        INNER JOIN ledger_movement AS movement ON movement.account_id = book.id
        WHERE book.code = 1010
    )
    SELECT line.asset, coalesce(sum(owed) FILTER (WHERE due <= %(day)s), 0),
        coalesce(sum(owed) FILTER (WHERE due <= %(week)s), 0), sum(free), sum(held),
        coalesce(max(back.in_a_day), 0), coalesce(max(back.in_a_week), 0)
    FROM line LEFT JOIN back ON back.asset = line.asset
    GROUP BY line.asset ORDER BY line.asset
"""
