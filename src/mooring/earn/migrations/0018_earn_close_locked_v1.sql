-- earn_close_locked_v1: book a chunk of a locked product's reward days that have ended.
--
--   p_product_id            the product
--   p_asset                 what pays: positions whose terms give rewards in it are booked
--   p_at                    days that ended at this time or before are booked
--   p_after_id, p_limit     the chunk: positions after this id, at most so many
--   p_reward_expense        the platform's account in the book that pays
--   p_key                   prefix of the journal's key; the first position completes it, because a
--                           position is booked once up to the same time
--
-- Returns the last position booked (NULL: none is left) and how many there were. A position's
-- rewards after n days are the floor at 8 decimals of principal * APR * n / 365
-- (rules/rewards.py `locked_reward`); what is booked is the difference to what was booked, so
-- the remainder is carried and a run that comes late or twice books the same.
CREATE OR REPLACE FUNCTION earn_close_locked_v1(
    p_product_id BIGINT,
    p_at TIMESTAMPTZ,
    p_after_id BIGINT,
    p_limit INTEGER,
    p_asset TEXT,
    p_reward_expense BIGINT,
    p_key TEXT,
    OUT o_last_id BIGINT,
    OUT o_count INTEGER
)
LANGUAGE plpgsql AS $$
DECLARE
    v_ids BIGINT[];
    v_key TEXT;
    v_replayed BOOLEAN;
    v_accounts BIGINT[];
    v_earned NUMERIC[];
    v_total NUMERIC;
BEGIN
    SELECT array_agg(locked.id), max(locked.id), count(*)
    INTO v_ids, o_last_id, o_count
    FROM (
        SELECT position.id FROM earn_position AS position
        INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
        INNER JOIN earn_product AS product ON product.id = position.product_id
        WHERE position.product_id = p_product_id AND position.id > p_after_id
            AND coalesce(terms.reward_asset, product.asset) = p_asset
            AND position.kind = 'LOCKED' AND position.exit IN ('', 'MATURE')
            AND position.days_accrued < terms.duration_days
            AND position.value_date + (position.days_accrued + 1) * INTERVAL '24 hours' <= p_at
        ORDER BY position.id LIMIT p_limit
        FOR NO KEY UPDATE OF position
    ) AS locked;
    IF v_ids IS NULL THEN
        RETURN;
    END IF;

    WITH day AS MATERIALIZED (
        SELECT
            position.id, position.rewards_account, position.days_accrued, terms.apr,
            least(
                floor(extract(EPOCH FROM p_at - position.value_date) / 86400)::INTEGER,
                terms.duration_days
            ) AS days_ended,
            -- A matured position's principal has moved on, and may have been delivered before
            -- this ran: then only its redemption knows how much it was.
            CASE
                WHEN position.exit = 'MATURE' THEN (
                    SELECT redemption.amount FROM earn_redemption AS redemption
                    WHERE redemption.position_id = position.id AND redemption.type = 'MATURE'
                )
                ELSE principal.balance
            END AS principal
        FROM earn_position AS position
        INNER JOIN earn_terms AS terms ON terms.id = position.terms_id
        INNER JOIN ledger_account AS principal ON principal.id = position.principal_account
        WHERE position.id = ANY(v_ids)
    ),
    earned AS MATERIALIZED (
        SELECT
            id, rewards_account, days_ended,
            div(principal * apr * days_ended * 1e8, 365) * 1e-8
                - div(principal * apr * days_accrued * 1e8, 365) * 1e-8 AS earned
        FROM day
        WHERE days_ended > days_accrued
    ),
    booked AS (
        UPDATE earn_position AS position
        SET days_accrued = earned.days_ended
        FROM earned
        WHERE position.id = earned.id
    )
    SELECT
        array_agg(rewards_account ORDER BY rewards_account),
        array_agg(earned ORDER BY rewards_account), sum(earned), p_key || '.' || min(id)
    INTO v_accounts, v_earned, v_total, v_key
    FROM earned
    WHERE earned > 0;

    IF v_accounts IS NOT NULL THEN
        SELECT o_replayed[1] INTO v_replayed FROM ledger_post_v1(
            ARRAY[v_key], ARRAY['EARN_LOCKED_REWARD'], ARRAY[md5(v_key)],
            array_fill(1, ARRAY[cardinality(v_accounts) + 1]),
            v_accounts || p_reward_expense,
            array_fill(p_asset, ARRAY[cardinality(v_accounts) + 1]),
            v_earned || -v_total, p_at
        );
        -- A replay would count days as credited and move no money.
        IF v_replayed THEN
            PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
        END IF;
    END IF;
END;
$$;
