-- earn_close_flexible_v1: credit a chunk of a flexible product's positions up to a minute.
--
--   p_product_id        the product
--   p_minute, p_growth  rewards run up to, not including, this minute, at which one unit has
--                       grown to p_growth (30 decimals)
--   p_after_id, p_until_id, p_limit
--                       the chunk: positions after one id and up to another, at most so many
--   p_reward_expense    the platform's account in the book that pays
--   p_key               prefix of the journal's key; the first position paid completes it,
--                       because a position is paid once up to the same time
--   p_effective_at      when the day ended, given by the caller
--
-- Returns the last position looked at (NULL: none is left) and how many there were. The same
-- arithmetic as rules/rewards.py `accrue`, to the digit: the claim (free, pledged and promised to
-- leave) grows by the quotient of two growths, floored at 30 decimals; credited is the floor at 8,
-- the rest is carried.
--
-- A position that accrued to this minute or further is left alone, so a chunk that runs twice
-- credits once.
--
-- Refused by   earn_close_posted_once   the chunk's key is in the book already
CREATE OR REPLACE FUNCTION earn_close_flexible_v1(
    p_product_id BIGINT,
    p_minute BIGINT,
    p_growth NUMERIC,
    p_after_id BIGINT,
    p_until_id BIGINT,
    p_limit INTEGER,
    p_asset TEXT,
    p_reward_expense BIGINT,
    p_key TEXT,
    p_effective_at TIMESTAMPTZ,
    OUT o_last_id BIGINT,
    OUT o_count INTEGER
)
LANGUAGE plpgsql AS $$
DECLARE
    v_rows TID[];
    v_positions BIGINT[];
    v_book BIGINT[];
    v_growths NUMERIC[];
    v_carries NUMERIC[];
    v_apart NUMERIC[];
    v_key TEXT;
    v_replayed BOOLEAN;
    v_accounts BIGINT[];
    v_credited NUMERIC[];
    v_total NUMERIC;
BEGIN
    -- Lock in the order of every action. The positions themselves are as of the lock; balances
    -- are read only afterwards, in a new statement.
    SELECT
        max(locked.id), count(*),
        array_agg(locked.row) FILTER (WHERE locked.is_due),
        array_agg(locked.id) FILTER (WHERE locked.is_due),
        array_agg(locked.principal_account) FILTER (WHERE locked.is_due),
        array_agg(locked.growth) FILTER (WHERE locked.is_due),
        array_agg(locked.carry) FILTER (WHERE locked.is_due),
        array_agg(locked.apart) FILTER (WHERE locked.is_due)
    INTO o_last_id, o_count, v_rows, v_positions, v_book, v_growths, v_carries, v_apart
    FROM (
        SELECT
            id, ctid AS row, principal_account, growth, carry, pledged + queued AS apart,
            accrued_minute < p_minute AS is_due
        FROM earn_position
        WHERE product_id = p_product_id AND status = 'HOLDING'
            AND id > p_after_id AND id <= p_until_id
        ORDER BY id LIMIT p_limit
        FOR NO KEY UPDATE
    ) AS locked;
    IF v_rows IS NULL THEN
        RETURN;
    END IF;

    WITH claim AS MATERIALIZED (
        SELECT
            t.row, t.position_id, t.book_id,
            div((account.balance + t.apart + t.carry) * p_growth * 1e30, t.growth) * 1e-30
                - account.balance - t.apart AS earned
        FROM unnest(v_rows, v_positions, v_book, v_growths, v_carries, v_apart)
            AS t (row, position_id, book_id, growth, carry, apart)
        -- OFFSET 0 keeps it a look-up by key, however many accounts the book has.
        CROSS JOIN LATERAL (
            SELECT balance FROM ledger_account WHERE id = t.book_id OFFSET 0
        ) AS account
    ),
    accrued AS (
        -- By row address: the rows are locked, so they cannot have moved since.
        UPDATE earn_position AS position
        SET
            accrued_minute = p_minute, growth = p_growth,
            credited_total = credited_total + trunc(claim.earned, 8),
            carry = claim.earned - trunc(claim.earned, 8)
        FROM claim
        WHERE position.ctid = claim.row
    )
    SELECT
        array_agg(book_id), array_agg(trunc(earned, 8)), sum(trunc(earned, 8)),
        p_key || '.' || min(position_id)
    INTO v_accounts, v_credited, v_total, v_key
    FROM claim
    WHERE earned >= 1e-8;

    IF v_accounts IS NOT NULL THEN
        -- One journal, one platform line for the whole chunk.
        SELECT o_replayed[1] INTO v_replayed FROM ledger_post_v1(
            ARRAY[v_key], ARRAY['EARN_REALTIME_REWARD'], ARRAY[md5(v_key)],
            array_fill(1, ARRAY[cardinality(v_accounts) + 1]),
            v_accounts || p_reward_expense,
            array_fill(p_asset, ARRAY[cardinality(v_accounts) + 1]),
            v_credited || -v_total, p_effective_at
        );
        -- A replay would count days as credited and move no money.
        IF v_replayed THEN
            PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
        END IF;
    END IF;
END;
$$;
