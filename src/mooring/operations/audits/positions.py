"""Positions against the book: whose the money in Earn is, and what was earned on it."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="flexible_positions_are_in_the_book",
        rule="I-4",
        sentence="2130 and 2131 hold, position by position, what came in, was earned, and did not"
        " leave.",
        offenders="""
            WITH contract AS (
                SELECT
                    position.id AS position_id, position.status,
                    position.principal_account AS account_id,
                    coalesce(inward.amount, 0) AS came_in, coalesce(outward.amount, 0) AS "left"
                FROM earn_position AS position
                LEFT JOIN (
                    SELECT position_id, sum(amount) AS amount FROM earn_subscription
                    GROUP BY position_id
                ) AS inward ON inward.position_id = position.id
                LEFT JOIN (
                    SELECT position_id, sum(amount) AS amount FROM earn_redemption
                    WHERE status <> 'CANCELLED'
                    GROUP BY position_id
                ) AS outward ON outward.position_id = position.id
                WHERE position.kind = 'FLEXIBLE'
            ),
            earned AS (
                SELECT entry.account_id, sum(entry.amount) AS amount
                FROM ledger_journal AS journal
                INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id
                WHERE journal.kind = 'EARN_REALTIME_REWARD' AND entry.balance_after IS NOT NULL
                GROUP BY entry.account_id
            ),
            book AS (
                SELECT reference AS position_id, sum(balance) AS balance FROM ledger_account
                WHERE code IN (2130, 2131)
                GROUP BY reference
            )
            SELECT coalesce(contract.position_id, book.position_id) AS position_id,
                contract.status, book.balance, contract.came_in,
                coalesce(earned.amount, 0) AS earned, contract."left"
            FROM contract
            LEFT JOIN earned ON earned.account_id = contract.account_id
            FULL JOIN book ON book.position_id = contract.position_id
            WHERE coalesce(book.balance, 0)
                <> coalesce(contract.came_in + coalesce(earned.amount, 0) - contract."left", 0)
            OR (contract.status = 'PAID' AND book.balance <> 0)
        """,
    ),
    Audit(
        name="pledges_are_in_the_book",
        rule="I-15",
        sentence="2131 holds, position by position, what open pledges hold, of which the position"
        " knows.",
        offenders="""
            WITH contract AS (
                SELECT
                    position.id AS position_id, position.pledged, position.pledged_account,
                    coalesce(sum(pledge.amount - pledge.released), 0) AS held
                FROM earn_position AS position
                LEFT JOIN earn_pledge AS pledge ON pledge.position_id = position.id
                    AND pledge.account_id = position.account_id
                WHERE position.kind = 'FLEXIBLE'
                GROUP BY position.id
            ),
            book AS (SELECT id, reference, balance FROM ledger_account WHERE code = 2131),
            strays AS (
                SELECT pledge.position_id FROM earn_pledge AS pledge
                LEFT JOIN earn_position AS position ON position.id = pledge.position_id
                    AND position.account_id = pledge.account_id AND position.kind = 'FLEXIBLE'
                WHERE position.id IS NULL
            )
            SELECT coalesce(contract.position_id, book.reference) AS position_id,
                contract.held, contract.pledged, book.balance
            FROM contract
            FULL JOIN book ON book.id = contract.pledged_account
            WHERE contract.position_id IS NULL
            OR contract.pledged <> contract.held
            OR coalesce(book.balance, 0) <> contract.held
            UNION ALL
            SELECT position_id, NULL, NULL, NULL FROM strays
        """,
    ),
    Audit(
        name="what_leaves_flexible_positions_is_in_the_book",
        rule="I-4",
        sentence="2132 holds what waits to leave a position, of which it knows, and what is on its"
        " way out of it.",
        offenders="""
            WITH contract AS (
                SELECT
                    position.id AS position_id, position.queued, position.redeeming_account,
                    coalesce(sum(redemption.amount)
                        FILTER (WHERE redemption.status = 'QUEUED'), 0) AS waiting,
                    coalesce(sum(redemption.net)
                        FILTER (WHERE redemption.status = 'PENDING'), 0) AS on_its_way
                FROM earn_position AS position
                LEFT JOIN earn_redemption AS redemption ON redemption.position_id = position.id
                WHERE position.kind = 'FLEXIBLE'
                GROUP BY position.id
            ),
            book AS (SELECT id, reference, balance FROM ledger_account WHERE code = 2132)
            SELECT coalesce(contract.position_id, book.reference) AS position_id,
                contract.queued, contract.waiting, contract.on_its_way, book.balance
            FROM contract
            FULL JOIN book ON book.id = contract.redeeming_account
            WHERE contract.queued IS DISTINCT FROM contract.waiting
            OR coalesce(book.balance, 0)
                IS DISTINCT FROM contract.waiting + contract.on_its_way
        """,
    ),
    Audit(
        name="days_limits_are_counted",
        rule="",
        sentence="What left a limited product at once in a day is what its redemptions say.",
        offenders="""
            SELECT used.product_id, used.day, used.amount, sum(redemption.amount) AS left_at_once
            FROM earn_daily_exit AS used
            LEFT JOIN earn_position AS position ON position.product_id = used.product_id
            LEFT JOIN earn_redemption AS redemption ON redemption.position_id = position.id
                AND redemption.speed = 'FAST' AND redemption.status = 'PAID'
                AND redemption.queued_because = ''
                AND redemption.requested_at >= used.day::timestamp AT TIME ZONE 'UTC'
                AND redemption.requested_at < (used.day + 1)::timestamp AT TIME ZONE 'UTC'
            GROUP BY used.product_id, used.day, used.amount
            -- A limit that began within the day counts from then.
            HAVING used.amount > coalesce(sum(redemption.amount), 0)
            OR used.amount < coalesce(sum(redemption.amount), 0) AND EXISTS (
                SELECT FROM earn_terms AS terms
                WHERE terms.product_id = used.product_id AND terms.daily_limit_total IS NOT NULL
                AND terms.effective_from <= used.day::timestamp AT TIME ZONE 'UTC'
            )
        """,
    ),
    Audit(
        name="locked_positions_are_in_the_book",
        rule="I-4",
        sentence="2140 holds the principal of who holds, 2141 the net of who is on the way out.",
        offenders="""
            WITH contract AS (
                SELECT
                    position.id AS position_id, position.status,
                    position.principal_account, position.redeeming_account,
                    CASE WHEN position.status = 'HOLDING' THEN (
                        SELECT sum(amount) FROM earn_subscription WHERE position_id = position.id
                    ) - (
                        SELECT coalesce(sum(amount), 0) FROM earn_redemption
                        WHERE position_id = position.id AND status <> 'CANCELLED'
                    ) ELSE 0 END AS principal,
                    (
                        SELECT sum(net) FROM earn_redemption
                        WHERE position_id = position.id AND status = 'PENDING'
                    ) AS redeeming
                FROM earn_position AS position
                WHERE position.kind = 'LOCKED'
            ),
            expected AS (
                SELECT position_id, status, principal_account AS account_id, principal AS amount
                FROM contract
                UNION ALL
                SELECT position_id, status, redeeming_account, redeeming FROM contract
            ),
            book AS (
                SELECT id, code, balance FROM ledger_account WHERE code IN (2140, 2141)
            )
            SELECT expected.position_id, expected.status, book.id AS account_id, book.code,
                book.balance, expected.amount AS expected
            FROM expected
            FULL JOIN book ON book.id = expected.account_id
            WHERE coalesce(book.balance, 0) IS DISTINCT FROM coalesce(expected.amount, 0)
            OR (expected.account_id IS NOT NULL AND book.id IS NULL)
        """,
    ),
    Audit(
        name="accrued_rewards_are_in_the_book",
        rule="I-6",
        sentence="2150 holds, position by position, what the formula says is earned and unpaid.",
        # Floored at 8 decimals at the end of each day count: principal * APR * days / 365.
        offenders="""
            WITH contract AS (
                SELECT
                    position.id AS position_id, position.rewards_account AS account_id,
                    CASE WHEN position.exit IN ('', 'MATURE') THEN
                        div(put_in.amount * terms.apr * position.days_accrued * 1e8, 365) * 1e-8
                        - div(put_in.amount * terms.apr * position.days_paid * 1e8, 365) * 1e-8
                    ELSE 0 END + (
                        -- In another asset, kept by who left and not delivered yet.
                        SELECT coalesce(sum(reward_kept), 0) FROM earn_redemption
                        WHERE position_id = position.id AND status = 'PENDING'
                    ) AS unpaid
                FROM earn_position AS position
                INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
                INNER JOIN LATERAL (
                    SELECT (
                        SELECT sum(amount) FROM earn_subscription WHERE position_id = position.id
                    ) - (
                        SELECT coalesce(sum(amount), 0) FROM earn_redemption
                        WHERE position_id = position.id AND type = 'EARLY' AND NOT is_whole
                        AND status <> 'CANCELLED'
                    ) AS amount
                ) AS put_in ON TRUE
                WHERE position.kind = 'LOCKED'
                UNION ALL
                -- Daily rewards: what was booked since the last payout took all there was.
                SELECT position.id, waiting.account_id,
                    CASE WHEN position.daily_paid = position.daily_booked THEN 0 ELSE (
                        SELECT coalesce(sum(entry.amount), 0)
                        FROM ledger_entry AS entry
                        INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
                        WHERE entry.account_id = waiting.account_id
                        AND journal.kind = 'EARN_DAILY_REWARD'
                        AND journal.id > coalesce((
                            SELECT max(payout.id)
                            FROM ledger_entry AS paid
                            INNER JOIN ledger_journal AS payout ON payout.id = paid.journal_id
                            WHERE paid.account_id = waiting.account_id
                            AND payout.kind = 'EARN_DAILY_PAID'
                        ), 0)
                    ) END
                FROM earn_position AS position
                CROSS JOIN LATERAL (
                    VALUES (position.rewards_account), (position.extra_account)
                ) AS waiting (account_id)
                WHERE position.kind = 'FLEXIBLE' AND waiting.account_id IS NOT NULL
            ),
            book AS (
                SELECT id, balance FROM ledger_account WHERE code = 2150
            )
            SELECT contract.position_id, book.id AS account_id, book.balance, contract.unpaid
            FROM contract
            FULL JOIN book ON book.id = contract.account_id
            WHERE coalesce(book.balance, 0) IS DISTINCT FROM coalesce(contract.unpaid, 0)
        """,
    ),
    Audit(
        name="locked_days_are_paid_by_the_formula",
        rule="",
        sentence="What was paid on a locked position, and on parts that left it, is what the"
        " formula says for their paid days.",
        # A part was paid the difference between all there was then and what stayed.
        offenders="""
            WITH paid AS (
                SELECT entry.account_id, -sum(entry.amount) AS amount
                FROM ledger_journal AS journal
                INNER JOIN ledger_entry AS entry ON entry.journal_id = journal.id
                INNER JOIN ledger_account AS book
                    ON book.id = entry.account_id AND book.code = 2150
                WHERE journal.kind = 'EARN_REWARD_PAID'
                GROUP BY entry.account_id
            ),
            part AS (
                SELECT position_id, days_paid, amount,
                    sum(amount) OVER (PARTITION BY position_id ORDER BY id) AS left_so_far
                FROM earn_redemption
                WHERE type = 'EARLY' AND NOT is_whole AND status <> 'CANCELLED'
            ),
            formula AS (
                SELECT position.id, position.days_paid, position.rewards_account,
                    div((put_in.amount - coalesce(gone.amount, 0))
                        * terms.apr * position.days_paid * 1e8, 365) * 1e-8
                    + coalesce(gone.paid, 0) AS amount
                FROM earn_position AS position
                INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
                INNER JOIN LATERAL (
                    SELECT sum(amount) AS amount FROM earn_subscription
                    WHERE position_id = position.id
                ) AS put_in ON TRUE
                LEFT JOIN LATERAL (
                    SELECT sum(part.amount) AS amount, sum(
                        div((put_in.amount - part.left_so_far + part.amount)
                            * terms.apr * part.days_paid * 1e8, 365) * 1e-8
                        - div((put_in.amount - part.left_so_far)
                            * terms.apr * part.days_paid * 1e8, 365) * 1e-8
                    ) AS paid
                    FROM part WHERE part.position_id = position.id
                ) AS gone ON TRUE
                WHERE position.kind = 'LOCKED'
            )
            SELECT formula.id AS position_id, formula.days_paid, paid.amount AS paid,
                formula.amount AS formula
            FROM formula
            LEFT JOIN paid ON paid.account_id = formula.rewards_account
            WHERE coalesce(paid.amount, 0) <> formula.amount
        """,
    ),
    Audit(
        name="locked_dates_are_those_of_the_terms",
        rule="",
        sentence="A locked position's dates and days are those of its terms.",
        offenders="""
            SELECT position.id AS position_id, position.days_paid, position.days_accrued,
                terms.duration_days, position.value_date, position.rewards_end
            FROM earn_position AS position
            INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
            WHERE position.kind = 'LOCKED'
            AND (
                position.days_paid > position.days_accrued
                OR position.days_accrued > terms.duration_days
                OR position.rewards_end
                    <> position.value_date + terms.duration_days * INTERVAL '24 hours'
                OR position.delivers_at
                    <> position.rewards_end + terms.redeem_period_days * INTERVAL '24 hours'
            )
        """,
    ),
    Audit(
        name="closed_days_are_credited",
        rule="",
        sentence="Every flexible position is credited through each day that its product closed.",
        offenders="""
            SELECT position.id AS position_id, position.accrued_minute, closed.day
            FROM earn_position AS position
            INNER JOIN (
                SELECT product_id, max(day) AS day FROM earn_day_close GROUP BY product_id
            ) AS closed ON closed.product_id = position.product_id
            WHERE position.kind = 'FLEXIBLE' AND position.status = 'HOLDING'
            AND position.accrued_minute < (closed.day + 1 - DATE '1970-01-01') * 1440
        """,
    ),
    Audit(
        name="closed_days_are_booked_by_the_day",
        rule="",
        sentence="Every closed day that pays by the day is booked, for every position there was.",
        offenders="""
            WITH paying AS (
                -- The tiers of an asset hold until those of a later day.
                SELECT DISTINCT closed.product_id, closed.day
                FROM earn_day_close AS closed
                INNER JOIN earn_daily_rate AS rate
                    ON rate.product_id = closed.product_id AND rate.from_day <= closed.day
                    AND rate.rate > 0
                WHERE NOT EXISTS (
                    SELECT 1 FROM earn_daily_rate AS later
                    WHERE later.product_id = rate.product_id AND later.asset = rate.asset
                    AND later.from_day > rate.from_day AND later.from_day <= closed.day
                )
            )
            SELECT paying.product_id, paying.day, NULL AS position_id, NULL AS daily_booked
            FROM paying
            LEFT JOIN earn_daily_close AS booked
                ON booked.product_id = paying.product_id AND booked.day = paying.day
            WHERE booked.id IS NULL
            UNION ALL
            SELECT position.product_id, last.day, position.id, position.daily_booked
            FROM earn_position AS position
            INNER JOIN (
                SELECT product_id, max(day) AS day FROM paying GROUP BY product_id
            ) AS last ON last.product_id = position.product_id
            WHERE position.kind = 'FLEXIBLE' AND position.status = 'HOLDING'
            AND position.opened_at < (last.day + 1)::timestamp AT TIME ZONE 'UTC'
            AND coalesce(position.daily_booked <= last.day, TRUE)
        """,
    ),
    Audit(
        name="closed_days_have_no_gap",
        rule="",
        sentence="A product's days were closed one after the other, none left out.",
        offenders="""
            SELECT product_id, min(day) AS first_day, max(day) AS last_day, count(*) AS closed
            FROM earn_day_close
            GROUP BY product_id
            HAVING count(*) <> max(day) - min(day) + 1
        """,
    ),
)
