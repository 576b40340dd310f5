"""Rewards as a whole: what was promised equals what was given, is owed, and came back."""

from typing import Final

from mooring.operations.audits.audit import Audit

AUDITS: Final = (
    Audit(
        name="rewards_are_conserved",
        rule="I-13",
        sentence="Per asset, expense 5010 is what was credited, paid, owed, forfeited, rounded.",
        offenders="""
            WITH line AS (
                SELECT entry.asset, book.code, journal.kind, entry.amount
                FROM ledger_entry AS entry
                INNER JOIN ledger_account AS book ON book.id = entry.account_id
                INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
                WHERE book.code IN (2110, 2130, 2150, 5010, 5070)
            ),
            booked AS (
                SELECT
                    asset,
                    -coalesce(sum(amount) FILTER (WHERE code = 5010), 0) AS expense,
                    coalesce(sum(amount) FILTER (
                        WHERE (code = 2130 AND kind = 'EARN_REALTIME_REWARD')
                        -- What an undone exit would have earned on days that were paid already.
                        OR (code = 2110 AND kind = 'EARN_DAILY_REWARD')
                    ), 0) AS credited,
                    -coalesce(sum(amount) FILTER (
                        WHERE code = 2150 AND kind IN (
                            'EARN_REWARD_PAID', 'EARN_DAILY_PAID', 'EARN_KEPT_REWARD_PAID'
                        )
                    ), 0) AS paid,
                    coalesce(sum(amount) FILTER (WHERE code = 2150), 0) AS owed,
                    coalesce(sum(amount) FILTER (WHERE code = 5070), 0) AS rounded
                FROM line
                GROUP BY asset
            ),
            left_early AS (
                SELECT coalesce(terms.reward_asset, product.asset) AS asset,
                    sum(redemption.forfeited + redemption.reward_forfeited) AS forfeited,
                    sum(redemption.rewards_added) AS added
                FROM earn_redemption AS redemption
                INNER JOIN earn_position AS position ON position.id = redemption.position_id
                INNER JOIN earn_product AS product ON product.id = position.product_id
                INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
                WHERE redemption.type IN ('EARLY', 'RETIRED') AND redemption.status <> 'CANCELLED'
                GROUP BY 1
            )
            SELECT asset, expense, credited, paid, owed, rounded,
                coalesce(forfeited, 0) AS forfeited, coalesce(added, 0) AS added_to_net
            FROM booked
            FULL JOIN left_early USING (asset)
            WHERE coalesce(expense, 0) <> coalesce(credited, 0) + coalesce(paid, 0)
                + coalesce(owed, 0) + coalesce(rounded, 0) + coalesce(forfeited, 0)
                + coalesce(added, 0)
        """,
    ),
    Audit(
        name="claw_back_is_below_what_was_paid",
        rule="I-13",
        sentence="No redemption took back more rewards than its position was paid.",
        offenders="""
            SELECT redemption.id AS redemption_id, redemption.position_id, taken.back,
                coalesce(paid.amount, 0) AS paid
            FROM earn_redemption AS redemption
            CROSS JOIN LATERAL (
                -- With a price, `deducted` is what rewards in another asset cost.
                SELECT redemption.reward_deducted + CASE WHEN redemption.reward_price IS NULL
                    THEN redemption.deducted ELSE 0 END AS back
            ) AS taken
            INNER JOIN earn_position AS position ON position.id = redemption.position_id
            LEFT JOIN LATERAL (
                SELECT -sum(entry.amount) AS amount
                FROM ledger_entry AS entry
                INNER JOIN ledger_journal AS journal ON journal.id = entry.journal_id
                WHERE entry.account_id = position.rewards_account
                AND entry.balance_after IS NOT NULL
                AND journal.kind = 'EARN_REWARD_PAID'
            ) AS paid ON TRUE
            WHERE taken.back > coalesce(paid.amount, 0)
        """,
    ),
    Audit(
        name="carry_is_below_a_unit",
        rule="I-14",
        sentence="A flexible position carries less than the smallest reward, of each kind.",
        offenders="""
            SELECT id AS position_id, carry, bonus_carry, extra_carry
            FROM earn_position
            WHERE carry IS NOT NULL AND NOT (
                carry >= 0 AND carry < 0.00000001
                AND bonus_carry >= 0 AND bonus_carry < 0.00000001
                AND extra_carry >= 0 AND extra_carry < 0.00000001
            )
        """,
    ),
    Audit(
        name="rounding_is_below_a_unit_each",
        rule="I-14",
        sentence="5070 took less than one unit per position that ended and kind of reward.",
        offenders="""
            SELECT book.asset, rounded.amount AS rounded, coalesce(ended.count, 0) AS ended
            FROM ledger_account AS book
            INNER JOIN (
                SELECT account_id, sum(amount) AS amount FROM ledger_movement GROUP BY account_id
            ) AS rounded ON rounded.account_id = book.id
            LEFT JOIN (
                -- A carry by the minute, and one for each asset that is paid by the day.
                SELECT kind.asset, count(*) AS count
                FROM earn_position AS position
                INNER JOIN (
                    SELECT id AS product_id, asset FROM earn_product
                    UNION ALL
                    SELECT DISTINCT product_id, asset FROM earn_daily_rate
                ) AS kind ON kind.product_id = position.product_id
                WHERE position.kind = 'FLEXIBLE' AND position.status <> 'HOLDING'
                GROUP BY kind.asset
            ) AS ended ON ended.asset = book.asset
            WHERE book.code = 5070
            AND NOT rounded.amount BETWEEN 0 AND coalesce(ended.count, 0) * 0.00000001
        """,
    ),
)
