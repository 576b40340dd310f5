"""Liquid staking: is there an asset for every token."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="tokens_are_backed",
        rule="I-17",
        sentence="Tokens that customers hold are worth no more than what we hold of their asset,"
        " staked or not, less what we owe of it besides.",
        # Between staking and bonding the asset still lies in the hot wallet.
        offenders="""
            WITH kind AS (
                SELECT product.id AS product_id, product.code AS product_code, product.asset,
                    product.token, ratio.ratio
                FROM earn_product AS product
                CROSS JOIN LATERAL (
                    SELECT ratio FROM earn_ratio
                    WHERE product_id = product.id
                        AND effective_from <= (SELECT max(effective_at) FROM ledger_journal)
                    ORDER BY effective_from DESC LIMIT 1
                ) AS ratio
                WHERE product.kind = 'LIQUID'
            ),
            issued AS (
                SELECT kind.asset, sum(book.balance * kind.ratio) AS worth
                FROM kind
                INNER JOIN ledger_account AS book
                    ON book.asset = kind.token AND book.owner_id IS NOT NULL
                GROUP BY kind.asset
            ),
            held AS (
                SELECT book.asset, -sum(movement.amount) AS amount
                FROM ledger_account AS book
                INNER JOIN ledger_movement AS movement ON movement.account_id = book.id
                WHERE book.code IN (1010, 1030, 1031, 1032)
                GROUP BY book.asset
            ),
            owed AS (
                SELECT asset, sum(balance) AS amount FROM ledger_account
                WHERE owner_id IS NOT NULL GROUP BY asset
            )
            SELECT issued.asset, issued.worth, held.amount AS held, owed.amount AS owed
            FROM issued
            LEFT JOIN held ON held.asset = issued.asset
            LEFT JOIN owed ON owed.asset = issued.asset
            WHERE issued.worth > coalesce(held.amount, 0) - coalesce(owed.amount, 0)
        """,
    ),
)
