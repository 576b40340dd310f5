"""The book by itself: does it balance, and is everything derived from its entries."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="journals_balance",
        rule="I-1",
        sentence="In every journal, the entries of each asset sum to zero.",
        offenders="""
            SELECT journal_id, asset, sum(amount) AS off_by
            FROM ledger_entry
            GROUP BY journal_id, asset
            HAVING sum(amount) <> 0
        """,
    ),
    Audit(
        name="trial_balance",
        rule="I-2",
        sentence="Per asset, what we own and spent equals what we owe and earned.",
        # Credit is positive: liabilities, equity and income above zero, assets and expenses
        # below, clearing by its sign. Together they are nothing.
        offenders="""
            SELECT
                asset,
                sum(held) FILTER (WHERE code BETWEEN 1000 AND 1999) AS assets,
                sum(held) FILTER (WHERE code BETWEEN 2000 AND 2999) AS liabilities,
                sum(held) FILTER (WHERE code BETWEEN 3000 AND 4999) AS equity_and_income,
                sum(held) FILTER (WHERE code BETWEEN 5000 AND 5999) AS expenses,
                sum(held) FILTER (WHERE code >= 6000) AS clearing,
                sum(held) AS off_by
            FROM (
                SELECT account.asset, account.code,
                    coalesce(account.balance, moved.total, 0) AS held
                FROM ledger_account AS account
                LEFT JOIN (
                    SELECT account_id, sum(amount) AS total FROM ledger_movement GROUP BY account_id
                ) AS moved ON moved.account_id = account.id
            ) AS line
            GROUP BY asset
            HAVING sum(held) <> 0
        """,
    ),
    Audit(
        name="no_customer_is_negative",
        rule="I-3",
        sentence="No account of a customer is below zero, or ever was.",
        offenders="""
            SELECT id AS account_id, NULL::bigint AS journal_id, asset, balance AS fell_to
            FROM ledger_account
            WHERE owner_id IS NOT NULL AND coalesce(balance < 0 OR balance = 'NaN', TRUE)
            UNION ALL
            SELECT account_id, journal_id, asset, balance_after
            FROM ledger_entry
            WHERE balance_after < 0 OR balance_after = 'NaN'
        """,
    ),
    Audit(
        name="keys_are_used_once",
        rule="I-16",
        sentence="No key stands for two journals.",
        offenders="""
            SELECT key, count(*) AS journals, array_agg(id ORDER BY id) AS journal_ids
            FROM ledger_journal
            GROUP BY key
            HAVING count(*) > 1
        """,
    ),
    Audit(
        name="balances_are_sums",
        rule="",
        sentence="A customer's balance is the sum of the entries, and the last balance after.",
        offenders="""
            SELECT
                account.id AS account_id, account.owner_id, account.code, account.asset,
                account.balance, coalesce(summed.total, 0) AS sum_of_entries,
                coalesce(latest.balance_after, 0) AS last_balance_after
            FROM ledger_account AS account
            LEFT JOIN (
                SELECT account_id, sum(amount) AS total, max(journal_id) AS last_journal_id
                FROM ledger_entry
                WHERE balance_after IS NOT NULL
                GROUP BY account_id
            ) AS summed ON summed.account_id = account.id
            LEFT JOIN ledger_entry AS latest ON latest.account_id = account.id
                AND latest.journal_id = summed.last_journal_id
                AND latest.balance_after IS NOT NULL
            WHERE account.owner_id IS NOT NULL
            AND (
                account.balance IS DISTINCT FROM coalesce(summed.total, 0)
                OR account.balance IS DISTINCT FROM coalesce(latest.balance_after, 0)
            )
        """,
    ),
    Audit(
        name="balances_after_are_a_chain",
        rule="",
        sentence="Each entry's balance after is the one before it plus its amount.",
        offenders="""
            SELECT account_id, journal_id, before, amount, balance_after
            FROM (
                SELECT
                    account_id, journal_id, amount, balance_after,
                    coalesce(lag(balance_after) OVER chain, 0) AS before
                FROM ledger_entry
                WHERE balance_after IS NOT NULL
                WINDOW chain AS (PARTITION BY account_id ORDER BY journal_id)
            ) AS link
            WHERE balance_after <> before + amount
        """,
    ),
    Audit(
        name="movements_are_sums",
        rule="",
        sentence="What moved on a platform account is the sum of its entries.",
        offenders="""
            SELECT account.id AS account_id, account.code, account.asset, moved.total AS movements,
                entries.total AS sum_of_entries
            FROM ledger_account AS account
            LEFT JOIN (
                SELECT account_id, sum(amount) AS total FROM ledger_movement GROUP BY account_id
            ) AS moved ON moved.account_id = account.id
            LEFT JOIN (
                SELECT account_id, sum(amount) AS total FROM ledger_entry
                WHERE balance_after IS NULL
                GROUP BY account_id
            ) AS entries ON entries.account_id = account.id
            WHERE account.owner_id IS NULL
            AND coalesce(moved.total, 0) <> coalesce(entries.total, 0)
        """,
    ),
    Audit(
        name="entries_have_their_account",
        rule="",
        sentence="Every entry's account exists, is in its asset, and is a customer's or ours.",
        # No foreign keys there: each would cost every posting (decision 0007).
        offenders="""
            SELECT entry.journal_id, entry.account_id, entry.asset, account.asset AS account_asset,
                entry.balance_after, account.owner_id
            FROM ledger_entry AS entry
            LEFT JOIN ledger_account AS account ON account.id = entry.account_id
            WHERE account.id IS NULL
            OR account.asset <> entry.asset
            OR (account.owner_id IS NULL) <> (entry.balance_after IS NULL)
            UNION ALL
            SELECT movement.journal_id, movement.account_id, NULL, account.asset, NULL,
                account.owner_id
            FROM ledger_movement AS movement
            LEFT JOIN ledger_account AS account ON account.id = movement.account_id
            WHERE account.id IS NULL OR account.owner_id IS NOT NULL
        """,
    ),
    Audit(
        name="entries_have_their_journal",
        rule="",
        sentence="Every entry's journal exists, and every journal has two entries at least.",
        offenders="""
            SELECT coalesce(journal.id, entries.journal_id) AS journal_id, journal.key,
                coalesce(entries.count, 0) AS entries
            FROM ledger_journal AS journal
            FULL JOIN (
                SELECT journal_id, count(*) AS count FROM ledger_entry GROUP BY journal_id
            ) AS entries ON entries.journal_id = journal.id
            WHERE journal.id IS NULL OR coalesce(entries.count, 0) < 2
        """,
    ),
    Audit(
        name="owners_have_an_account",
        rule="",
        sentence="Whoever owns an account of the book is a customer.",
        offenders="""
            SELECT book.id AS account_id, book.owner_id, book.code, book.asset, book.balance
            FROM ledger_account AS book
            LEFT JOIN accounts_account AS customer ON customer.id = book.owner_id
            WHERE book.owner_id IS NOT NULL AND customer.id IS NULL
        """,
    ),
)
