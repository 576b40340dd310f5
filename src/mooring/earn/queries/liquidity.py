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
        in_a_day, in_a_week: on its way, or due because its term ends, by then.
        at_any_time: free in flexible positions besides: it may be asked for at once.
        held: in our hot wallet.
    """

    in_a_day: Amount
    in_a_week: Amount
    at_any_time: Amount
    held: Amount

    @property
    def is_short(self) -> bool:
        """Whether the next seven days take more than there is."""
        return self.held < self.in_a_week


def list_liquidity(*, at: datetime) -> tuple[Liquidity, ...]:
    """Return each asset in which anything is owed out of Earn, or held; by code."""
    found = db.rows(_LIQUIDITY, {"day": at + A_DAY, "week": at + _A_WEEK})
    return tuple(
        Liquidity(
            in_a_day=Amount(day, asset),
            in_a_week=Amount(week, asset),
            at_any_time=Amount(free, asset),
            held=Amount(held, asset),
        )
        for asset, day, week, free, held in found
    )


# What is renewed stays. A debit is negative in the book: what we hold is one.
_LIQUIDITY: Final = """
    WITH line AS (
        SELECT product.asset, coalesce(redemption.runs_at, redemption.arrives_from) AS due,
            CASE redemption.status WHEN 'QUEUED' THEN redemption.amount ELSE redemption.net END
                AS owed,
            0 AS free, 0 AS held
        FROM earn_redemption AS redemption
        INNER JOIN earn_position AS position ON position.id = redemption.position_id
        INNER JOIN earn_product AS product ON product.id = position.product_id
        WHERE redemption.status IN ('QUEUED', 'PENDING')
            AND redemption.destination IN ('SPOT', 'FUNDING')
        UNION ALL
        SELECT principal.asset, position.delivers_at, principal.balance, 0, 0
        FROM earn_position AS position
        INNER JOIN ledger_account AS principal ON principal.id = position.principal_account
        WHERE position.kind = 'LOCKED' AND position.status = 'HOLDING'
            AND position.rewards_end <= %(week)s AND NOT position.auto_renew
            AND position.redeem_to <> 'FLEXIBLE'
        UNION ALL
        SELECT asset, NULL, 0, balance, 0 FROM ledger_account WHERE code = 2130 AND balance > 0
        UNION ALL
        SELECT book.asset, NULL, 0, 0, -movement.amount
        FROM ledger_account AS book
        INNER JOIN ledger_movement AS movement ON movement.account_id = book.id
        WHERE book.code = 1010
    )
    SELECT asset, coalesce(sum(owed) FILTER (WHERE due <= %(day)s), 0),
        coalesce(sum(owed) FILTER (WHERE due <= %(week)s), 0), sum(free), sum(held)
    FROM line GROUP BY asset ORDER BY asset
"""
