"""Liquidity: can what is owed soon be paid, or does it lie with a protocol."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="what_is_due_soon_is_there",
        rule="I-9",
        sentence="What customers are owed within 24 hours is no more than what lies in our hot"
        " wallets, with what protocols give back by then.",
        # What goes on in Earn at its end is not owed; nor is what came to be owed in the book
        # without an asset that it could be paid of, which other audits find.
        offenders="""
            WITH soon AS (
                SELECT max(effective_at) + INTERVAL '24 hours' AS until FROM ledger_journal
            ),
            owed AS (
                SELECT product.asset,
                    CASE WHEN redemption.status = 'QUEUED' AND redemption.type <> 'LIQUID'
                        THEN redemption.amount
                        ELSE redemption.net
                    END AS amount
                FROM earn_redemption AS redemption
                INNER JOIN earn_position AS position ON position.id = redemption.position_id
                INNER JOIN earn_product AS product ON product.id = position.product_id
                CROSS JOIN soon
                WHERE redemption.status IN ('QUEUED', 'PENDING')
                    AND redemption.destination IN ('SPOT', 'FUNDING')
                    AND greatest(redemption.runs_at, redemption.arrives_from) <= soon.until
                UNION ALL
                SELECT book.asset, book.balance
                FROM earn_position AS position
                INNER JOIN earn_product AS product ON product.id = position.product_id
                INNER JOIN ledger_account AS book ON book.id = position.principal_account
                CROSS JOIN soon
                WHERE position.status = 'HOLDING'
                    AND (
                        (position.kind <> 'LIQUID' AND product.retires_at <= soon.until)
                        OR (
                            position.kind = 'LOCKED' AND position.delivers_at <= soon.until
                            AND NOT position.auto_renew AND position.redeem_to <> 'FLEXIBLE'
                        )
                    )
                UNION ALL
                SELECT asset, balance FROM ledger_account WHERE code BETWEEN 2160 AND 2169
            ),
            asked AS (
                SELECT book.asset, -movement.amount AS amount,
                    journal.effective_at + (
                        SELECT unbonding.hours_max FROM earn_unbonding AS unbonding
                        WHERE unbonding.asset = book.asset
                            AND unbonding.effective_from <= journal.effective_at
                        ORDER BY unbonding.effective_from DESC LIMIT 1
                    ) * INTERVAL '1 hour' AS due
                FROM ledger_account AS book
                INNER JOIN ledger_movement AS movement ON movement.account_id = book.id
                INNER JOIN ledger_journal AS journal ON journal.id = movement.journal_id
                WHERE book.code = 1031
            ),
            back AS (
                -- What came back is what was asked for first.
                SELECT asked.asset, greatest(0, sum(asked.amount)) AS amount
                FROM asked CROSS JOIN soon
                WHERE asked.amount < 0 OR asked.due <= soon.until
                GROUP BY asked.asset
            ),
            held AS (
                SELECT book.asset, -sum(movement.amount) AS amount
                FROM ledger_account AS book
                INNER JOIN ledger_movement AS movement ON movement.account_id = book.id
                WHERE book.code = 1010
                GROUP BY book.asset
            ),
            total AS (SELECT asset, sum(amount) AS amount FROM owed GROUP BY asset)
            SELECT total.asset, total.amount AS owed, held.amount AS held, back.amount AS back
            FROM total
            LEFT JOIN held ON held.asset = total.asset
            LEFT JOIN back ON back.asset = total.asset
            WHERE total.amount > coalesce(held.amount, 0) + coalesce(back.amount, 0)
                AND total.amount > 0
        """,
    ),
)
