-- earn_pay_daily_v1: pay a chunk of a flexible product's booked daily rewards to spot.
--
--   p_product_id         the product
--   p_booked_until       positions whose daily rewards are booked up to this day or less are paid
--   p_after_id, p_limit  the chunk: positions after this id, at most so many
--   p_key                prefix of the journal's key; the first position and the day it is booked
--                        up to complete it, because a position is paid up to a day once
--   p_effective_at       when they are paid, given by the caller
--
-- Returns the last position paid (NULL: none is left) and how many there were. Positions that were
-- left are paid too; what waits is the balance of their accounts in the book. A customer who has
-- two positions in a chunk gets one line in spot for each asset.
CREATE OR REPLACE FUNCTION earn_pay_daily_v1(
    p_product_id BIGINT,
    p_booked_until DATE,
    p_after_id BIGINT,
    p_limit INTEGER,
    p_key TEXT,
    p_effective_at TIMESTAMPTZ,
    OUT o_last_id BIGINT,
    OUT o_count INTEGER
)
LANGUAGE plpgsql AS $$
DECLARE
    v_ids BIGINT[];
    v_rows TID[];
    v_owners BIGINT[];
    v_waiting BIGINT[];
    v_extras BIGINT[];
    v_key TEXT;
    v_replayed BOOLEAN;
    v_from BIGINT[];
    v_amounts NUMERIC[];
    v_to_owners BIGINT[];
    v_to_assets TEXT[];
    v_to_amounts NUMERIC[];
    v_from_assets TEXT[];
    v_spots BIGINT[];
BEGIN
    -- Each by its own index: those that hold, and those that were left with something to come.
    SELECT array_agg(due.id), max(due.id), count(*) INTO v_ids, o_last_id, o_count
    FROM (
        (
            SELECT id FROM earn_position
            WHERE product_id = p_product_id AND status = 'HOLDING' AND daily_paid < daily_booked
                AND daily_booked <= p_booked_until AND id > p_after_id
            ORDER BY id LIMIT p_limit
        )
        UNION ALL
        (
            SELECT id FROM earn_position
            WHERE product_id = p_product_id AND awaits_payout AND daily_paid < daily_booked
                AND daily_booked <= p_booked_until AND id > p_after_id
            ORDER BY id LIMIT p_limit
        )
        ORDER BY id LIMIT p_limit
    ) AS due;
    IF v_ids IS NULL THEN
        RETURN;
    END IF;

    SELECT
        array_agg(locked.row), array_agg(locked.account_id),
        array_agg(locked.rewards_account), array_agg(locked.extra_account),
        p_key || '.' || min(locked.id) || '.'
        || (array_agg(locked.daily_booked ORDER BY locked.id))[1]
    INTO v_rows, v_owners, v_waiting, v_extras, v_key
    FROM (
        -- Again under the lock: another payout may have been quicker.
        SELECT id, ctid AS row, account_id, rewards_account, extra_account, daily_booked
        FROM earn_position
        WHERE id = ANY(v_ids) AND daily_paid < daily_booked AND daily_booked <= p_booked_until
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS locked;
    IF v_rows IS NULL THEN
        RETURN;
    END IF;

    -- By row address: the rows are locked, so they cannot have moved since.
    UPDATE earn_position SET daily_paid = daily_booked, awaits_payout = FALSE
    WHERE ctid = ANY(v_rows);

    -- Balances after the lock, in a new statement: nobody books a position that is locked.
    WITH due AS MATERIALIZED (
        SELECT t.owner_id, book.id, book.asset, book.balance
        FROM (
            SELECT owner_id, waiting AS id FROM unnest(v_owners, v_waiting) AS t (owner_id, waiting)
            UNION ALL
            SELECT owner_id, extra FROM unnest(v_owners, v_extras) AS t (owner_id, extra)
            WHERE extra IS NOT NULL
        ) AS t
        -- OFFSET 0 keeps it a look-up by key, however many accounts the book has.
        CROSS JOIN LATERAL (
            SELECT id, asset, balance FROM ledger_account WHERE id = t.id OFFSET 0
        ) AS book
        WHERE book.balance > 0
    ),
    arrival AS (
        SELECT owner_id, asset, sum(balance) AS amount FROM due GROUP BY owner_id, asset
    )
    SELECT
        (SELECT array_agg(id) FROM due), (SELECT array_agg(asset) FROM due),
        (SELECT array_agg(-balance) FROM due),
        array_agg(owner_id), array_agg(asset), array_agg(amount)
    INTO v_from, v_from_assets, v_amounts, v_to_owners, v_to_assets, v_to_amounts
    FROM arrival;

    IF v_from IS NOT NULL THEN
        v_spots := ledger_open_accounts_v1(
            v_to_owners, array_fill(2110::SMALLINT, ARRAY[cardinality(v_to_owners)]), v_to_assets,
            array_fill(0::BIGINT, ARRAY[cardinality(v_to_owners)])
        );
        SELECT o_replayed[1] INTO v_replayed FROM ledger_post_v1(
            ARRAY[v_key], ARRAY['EARN_DAILY_PAID'], ARRAY[md5(v_key)],
            array_fill(1, ARRAY[cardinality(v_from) + cardinality(v_spots)]), v_from || v_spots,
            v_from_assets || v_to_assets, v_amounts || v_to_amounts, p_effective_at
        );
        -- A replay would count days as paid and move no money.
        IF v_replayed THEN
            PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
        END IF;
    END IF;
END;
$$;
