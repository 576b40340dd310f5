"""
What must be true of the book and of Earn after every step, as SQL of its own.

Each query returns the rows that break one invariant of domain rules §7.4. Nothing here knows
the product's code: it reads tables, and computes rewards by its own formula.
"""

from mooring.kernel import db

#: What a locked position's reward is after so many days, as the domain rules say it.
_REWARD = "floor(subscription.amount * terms.apr * {} / 365 * 1e8) / 1e8"

INVARIANTS = {
    "I-1 a journal sums to zero per asset": """
        SELECT journal_id, asset, sum(amount) FROM ledger_entry
        GROUP BY journal_id, asset HAVING sum(amount) <> 0
    """,
    "I-1 a journal has lines": """
        SELECT id, key FROM ledger_journal
        WHERE id NOT IN (SELECT journal_id FROM ledger_entry)
    """,
    "I-2 assets and expenses are liabilities and income": """
        SELECT asset, sum(amount) FROM ledger_entry GROUP BY asset HAVING sum(amount) <> 0
    """,
    "I-2 a balance is the sum of its entries": """
        SELECT account.id, account.code, account.balance, coalesce(sum(entry.amount), 0)
        FROM ledger_account AS account
        LEFT JOIN ledger_entry AS entry ON entry.account_id = account.id
        WHERE account.balance IS NOT NULL
        GROUP BY account.id HAVING account.balance <> coalesce(sum(entry.amount), 0)
    """,
    "I-2 every balance after is the one before and the entry": """
        SELECT * FROM (
            SELECT account_id, journal_id, balance_after,
                sum(amount) OVER (PARTITION BY account_id ORDER BY journal_id) AS running
            FROM ledger_entry WHERE balance_after IS NOT NULL
        ) AS history WHERE balance_after <> running
    """,
    "I-2 movements of the platform are its entries": """
        SELECT account.id, account.code FROM ledger_account AS account
        WHERE account.balance IS NULL AND
            (SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE account_id = account.id)
            <> (SELECT coalesce(sum(amount), 0) FROM ledger_movement WHERE account_id = account.id)
    """,
    "I-3 no customer is below zero": """
        SELECT id, code, balance FROM ledger_account WHERE balance < 0 OR balance = 'NaN'
    """,
    "I-4 what positions hold is where their status says": """
        SELECT position.id, position.kind, position.status, principal.balance, redeeming.balance
        FROM earn_position AS position
        JOIN ledger_account AS principal ON principal.id = position.principal_account
        LEFT JOIN ledger_account AS redeeming ON redeeming.id = position.redeeming_account
        LEFT JOIN ledger_account AS pledged ON pledged.id = position.pledged_account
        -- Of liquid staking the tokens may all be gone, and come again.
        WHERE (position.kind <> 'LIQUID'
            AND (position.status = 'HOLDING') <> (principal.balance + coalesce(pledged.balance, 0)
                + CASE position.kind WHEN 'FLEXIBLE' THEN coalesce(redeeming.balance, 0)
                ELSE 0 END > 0))
        OR coalesce(redeeming.balance, 0) <> coalesce((
            -- Of liquid staking the asset is owed from the request on, waiting or not.
            SELECT sum(CASE WHEN status = 'QUEUED' AND type <> 'LIQUID' THEN amount ELSE net END)
            FROM earn_redemption
            WHERE position_id = position.id AND status IN ('QUEUED', 'PENDING')), 0)
        OR position.queued <> coalesce((SELECT sum(amount) FROM earn_redemption
            WHERE position_id = position.id AND status = 'QUEUED' AND type <> 'LIQUID'), 0)
    """,
    "I-4 a locked position holds what was put in": """
        SELECT position.id, subscription.amount, principal.balance FROM earn_position AS position
        JOIN ledger_account AS principal ON principal.id = position.principal_account
        JOIN LATERAL (SELECT (
            SELECT sum(amount) FROM earn_subscription WHERE position_id = position.id) - coalesce((
            SELECT sum(amount) FROM earn_redemption WHERE position_id = position.id
            AND type = 'EARLY' AND NOT is_whole AND status <> 'CANCELLED'), 0) AS amount
        ) AS subscription ON TRUE
        WHERE position.kind = 'LOCKED' AND position.status = 'HOLDING'
        AND subscription.amount <> principal.balance
    """,
    "I-4 money in Earn belongs to a position": """
        SELECT id, code, balance FROM ledger_account
        WHERE code IN (2130, 2131, 2132, 2140, 2141, 2150) AND balance > 0
        AND id NOT IN (
            SELECT account.id FROM earn_position AS position CROSS JOIN LATERAL unnest(ARRAY[
                principal_account, redeeming_account, rewards_account, pledged_account,
                extra_account]) AS account (id)
            WHERE account.id IS NOT NULL)
    """,
    "I-6 what was earned and not paid waits in its account": f"""
        SELECT position.id, position.exit, position.days_accrued, position.days_paid,
            rewards.balance
        FROM earn_position AS position
        JOIN earn_terms AS terms ON terms.id = position.terms_id
        JOIN LATERAL (SELECT (
            SELECT sum(amount) FROM earn_subscription WHERE position_id = position.id) - coalesce((
            SELECT sum(amount) FROM earn_redemption WHERE position_id = position.id
            AND type = 'EARLY' AND NOT is_whole AND status <> 'CANCELLED'), 0) AS amount
        ) AS subscription ON TRUE
        JOIN ledger_account AS rewards ON rewards.id = position.rewards_account
        WHERE position.kind = 'LOCKED' AND rewards.balance <> CASE
            WHEN position.exit IN ('EARLY', 'RETIRED') THEN 0
            ELSE {_REWARD.format("position.days_accrued")} - {_REWARD.format("position.days_paid")}
        -- In another asset, kept by who left and not delivered yet.
        END + coalesce((SELECT sum(reward_kept) FROM earn_redemption
            WHERE position_id = position.id AND status = 'PENDING'), 0)
    """,
    "I-6 daily rewards wait until they are paid": """
        SELECT position.id, account.asset, account.balance FROM earn_position AS position
        JOIN ledger_account AS account
            ON account.id IN (position.rewards_account, position.extra_account)
        WHERE position.kind = 'FLEXIBLE'
        AND position.daily_paid = position.daily_booked AND account.balance <> 0
    """,
    "I-13 what is clawed back was distributed": f"""
        SELECT redemption.id, redemption.deducted, redemption.reward_deducted
        FROM earn_redemption AS redemption
        JOIN earn_position AS position ON position.id = redemption.position_id
        JOIN earn_terms AS terms ON terms.id = position.terms_id
        JOIN earn_subscription AS subscription ON subscription.position_id = position.id
        WHERE position.kind = 'LOCKED'
        AND redemption.reward_deducted + CASE WHEN redemption.reward_price IS NULL
            THEN redemption.deducted ELSE 0 END > {_REWARD.format("position.days_paid")}
    """,
    "I-13 rewards are an expense of the platform": """
        SELECT asset FROM ledger_account AS account WHERE code = 5010 AND -(
            SELECT coalesce(sum(amount), 0) FROM ledger_entry WHERE account_id = account.id
        ) <> (
            SELECT coalesce(sum(entry.amount), 0) FROM ledger_entry AS entry
            JOIN ledger_journal AS journal ON journal.id = entry.journal_id
            JOIN ledger_account AS other ON other.id = entry.account_id
            WHERE other.asset = account.asset AND other.code <> 5010
            AND journal.kind IN
                ('EARN_REALTIME_REWARD', 'EARN_LOCKED_REWARD', 'EARN_DAILY_REWARD')
        ) - (
            SELECT coalesce(sum(entry.amount), 0) FROM ledger_entry AS entry
            JOIN ledger_journal AS journal ON journal.id = entry.journal_id
            WHERE entry.account_id = account.id
            AND journal.kind IN
                ('EARN_REDEEM_EARLY', 'EARN_REDEEM_UNDONE', 'EARN_RETIRED')
        )
    """,
    "I-14 a carry is below the unit": """
        SELECT id, carry FROM earn_position
        WHERE least(carry, bonus_carry, extra_carry) < 0
        OR greatest(carry, bonus_carry, extra_carry) >= 1e-8
    """,
    "I-14 rounding is below a unit per kind of reward and position that ended": """
        SELECT account.asset, sum(entry.amount) FROM ledger_account AS account
        JOIN ledger_entry AS entry ON entry.account_id = account.id
        WHERE account.code = 5070 GROUP BY account.asset
        HAVING sum(entry.amount) < 0 OR sum(entry.amount) >= 1e-8 * (
            SELECT count(*) FROM earn_position JOIN earn_product ON earn_product.id = product_id
            WHERE earn_product.asset = account.asset AND status = 'PAID'
        ) + 1e-8 * (
            SELECT count(*) FROM earn_position WHERE status = 'PAID' AND product_id IN (
                SELECT product_id FROM earn_daily_rate WHERE asset = account.asset))
    """,
    "I-16 every redemption stands in the book once, with its amount": """
        SELECT redemption.id, count(entry.*), sum(entry.amount)
        FROM earn_redemption AS redemption
        JOIN earn_position AS position ON position.id = redemption.position_id
        LEFT JOIN ledger_journal AS journal
            ON journal.key IN (
                'earn.redeem:' || redemption.account_id || '.' || redemption.request_key,
                CASE WHEN redemption.type = 'MATURE' THEN 'earn.mature:' || position.id END,
                CASE WHEN redemption.type = 'RETIRED'
                    THEN 'earn.retire:' || split_part(redemption.request_key, '/', 2) END,
                -- What waited takes along what it earned meanwhile.
                CASE WHEN redemption.runs_at IS NOT NULL THEN 'earn.run:' || redemption.id END)
        LEFT JOIN ledger_entry AS entry ON entry.journal_id = journal.id
            AND entry.account_id = position.principal_account
        GROUP BY redemption.id
        HAVING coalesce(sum(entry.amount), 0) <> -redemption.amount
            OR count(entry.*) > CASE WHEN redemption.runs_at IS NULL THEN 1 ELSE 2 END
    """,
    "I-16 what arrived was delivered once, and what was undone was not": """
        SELECT redemption.id, redemption.status FROM earn_redemption AS redemption
        WHERE speed <> 'FAST' AND net > 0 AND (status = 'PAID') <> EXISTS (
            SELECT FROM ledger_journal WHERE key = 'earn.deliver:' || redemption.id)
    """,
    "I-16 every subscription stands in the book once, with its amount": """
        SELECT subscription.id FROM earn_subscription AS subscription
        JOIN earn_position AS position ON position.id = subscription.position_id
        LEFT JOIN ledger_journal AS journal ON journal.key = CASE
            -- What came with the delivery of another position.
            WHEN subscription.request_key LIKE 'delivery/%%'
            THEN replace(subscription.request_key, 'delivery/', 'earn.deliver:')
            ELSE 'earn.subscribe:' || subscription.account_id || '.' || subscription.request_key
        END
        LEFT JOIN ledger_entry AS entry ON entry.journal_id = journal.id
            AND entry.account_id = position.principal_account
            AND entry.amount = coalesce(subscription.tokens, subscription.amount)
        GROUP BY subscription.id HAVING count(entry.*) <> 1
    """,
}


def broken(ask=db.rows):
    """
    Return every invariant that does not hold, with the rows that break it.

    Args:
        ask: runs a statement and returns its rows; Django's connection if nothing else is said.
    """
    found = {name: ask(statement) for name, statement in INVARIANTS.items()}
    return {name: rows for name, rows in found.items() if rows}
