-- earn_pay_rewards_v1: pay a chunk of a locked product's booked rewards to spot.
--
--   p_product_id            the product
--   p_asset                 what is paid: positions whose terms give rewards in it
--   p_through               reward days that ended at this time or before are paid
--   p_after_id, p_limit     the chunk: positions after this id, at most so many
--   p_key                   prefix of the journal's key; the first position and its days paid
--                           complete it, because a position is paid through a day once
--   p_effective_at          when they are paid, given by the caller
--
-- Returns the last position paid (NULL: none is left) and how many there were. A customer with
-- several positions gets one line in spot.
CREATE OR REPLACE FUNCTION earn_pay_rewards_v1(
    p_product_id BIGINT,
    p_through TIMESTAMPTZ,
    p_after_id BIGINT,
    p_limit INTEGER,
    p_asset TEXT,
    p_key TEXT,
    p_effective_at TIMESTAMPTZ,
    OUT o_last_id BIGINT,
    OUT o_count INTEGER
)
LANGUAGE plpgsql AS $$
DECLARE
    v_ids BIGINT[];
    v_key TEXT;
    v_replayed BOOLEAN;
    v_owners BIGINT[];
    v_spots BIGINT[];
    v_accounts BIGINT[];
    v_amounts NUMERIC[];
BEGIN
    SELECT array_agg(locked.id), array_agg(DISTINCT locked.account_id), max(locked.id), count(*)
    INTO v_ids, v_owners, o_last_id, o_count
    FROM (
        SELECT position.id, position.account_id FROM earn_position AS position
        INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
        INNER JOIN earn_product AS product ON product.id = position.product_id
        WHERE position.product_id = p_product_id AND position.id > p_after_id
            AND coalesce(terms.reward_asset, product.asset) = p_asset
            AND position.kind = 'LOCKED' AND position.exit IN ('', 'MATURE')
            AND position.days_paid < position.days_accrued
            AND position.value_date + (position.days_paid + 1) * INTERVAL '24 hours' <= p_through
        ORDER BY position.id LIMIT p_limit
        FOR NO KEY UPDATE OF position
    ) AS locked;
    IF v_ids IS NULL THEN
        RETURN;
    END IF;

    v_spots := ledger_open_accounts_v1(
        v_owners, array_fill(2110::SMALLINT, ARRAY[cardinality(v_owners)]),
        array_fill(p_asset, ARRAY[cardinality(v_owners)]),
        array_fill(0::BIGINT, ARRAY[cardinality(v_owners)])
    );

    WITH due AS MATERIALIZED (
        SELECT
            position.id, position.account_id, position.rewards_account, terms.apr,
            position.days_paid,
            -- A matured position's principal has moved on, and may have been delivered before
            -- this ran: then only its redemption knows how much it was.
            CASE
                WHEN position.exit = 'MATURE' THEN (
                    SELECT redemption.amount FROM earn_redemption AS redemption
                    WHERE redemption.position_id = position.id AND redemption.type = 'MATURE'
                )
                ELSE principal.balance
            END AS principal,
            least(
                floor(extract(EPOCH FROM p_through - position.value_date) / 86400)::INTEGER,
                position.days_accrued
            ) AS days_due
        FROM earn_position AS position
        INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
        INNER JOIN ledger_account AS principal ON principal.id = position.principal_account
        WHERE position.id = ANY(v_ids)
    ),
    payment AS MATERIALIZED (
        SELECT
            id, account_id, rewards_account, days_due,
            div(principal * apr * days_due * 1e8, 365) * 1e-8
                - div(principal * apr * days_paid * 1e8, 365) * 1e-8 AS amount
        FROM due
        WHERE days_due > days_paid
    ),
    paid AS (
        UPDATE earn_position AS position
        SET days_paid = payment.days_due
        FROM payment
        WHERE position.id = payment.id
    ),
    line AS (
        SELECT rewards_account AS account_id, -amount AS amount FROM payment WHERE amount > 0
        UNION ALL
        SELECT spot.id, sum(payment.amount)
        FROM payment
        INNER JOIN unnest(v_owners, v_spots) AS spot (owner_id, id)
            ON spot.owner_id = payment.account_id
        WHERE payment.amount > 0
        GROUP BY spot.id
    )
    SELECT
        array_agg(account_id ORDER BY account_id), array_agg(amount ORDER BY account_id),
        -- Through which day belongs to the key: a day that was booked late is paid on the same
        -- day as the one before it, and is not that payment again.
        p_key || '.' || (
            SELECT id || '.' || days_due FROM payment WHERE amount > 0 ORDER BY id LIMIT 1
        )
    INTO v_accounts, v_amounts, v_key
    FROM line;

    IF v_accounts IS NOT NULL THEN
        SELECT o_replayed[1] INTO v_replayed FROM ledger_post_v1(
            ARRAY[v_key], ARRAY['EARN_REWARD_PAID'], ARRAY[md5(v_key)],
            array_fill(1, ARRAY[cardinality(v_accounts)]), v_accounts,
            array_fill(p_asset, ARRAY[cardinality(v_accounts)]), v_amounts, p_effective_at
        );
        -- A replay would count days as credited and move no money.
        IF v_replayed THEN
            PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
        END IF;
    END IF;
END;
$$;
