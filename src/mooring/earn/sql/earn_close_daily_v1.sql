-- earn_close_daily_v1: book a chunk of a flexible product's daily rewards of one UTC day.
--
--   p_product_id, p_day  the product and the day, which has ended
--   p_minute, p_growth   when the day began, and what one unit had grown to then (30 decimals)
--   p_after_id, p_until_id, p_limit
--                        the chunk: positions after one id and up to another, at most so many
--   p_bonus_aboves, p_bonus_bases, p_bonus_rates
--                        the bonus of the day in steps: a balance above p_bonus_aboves[n] (and not
--                        above the next) earns p_bonus_bases[n] a year, and p_bonus_rates[n] for
--                        each unit above; the first step begins at 0
--   p_extra_aboves, p_extra_bases, p_extra_rates
--                        the extra reward alike; NULL where there is none
--   p_asset, p_extra_asset
--                        what the two are paid in
--   p_reward_expense, p_extra_expense
--                        the platform's accounts in the book that pay
--   p_key                prefix of the journal's key; the first position owed completes it,
--                        because a position is booked once up to the same day
--   p_effective_at       when the day ended, given by the caller
--
-- Returns the last position looked at (NULL: none is left) and how many there were. The same
-- arithmetic as rules/daily.py `book`, to the digit: the least balance of the day is the one that
-- was kept with the position if it was touched on that day, and otherwise the one at its midnight;
-- a year's reward over the steps, divided by 365 and floored at 30 decimals, is added to the carry;
-- owed is the floor at 8, the rest is carried.
--
-- A position that is booked through this day or further is left alone, so a chunk that runs twice
-- books once. Runs before earn_close_flexible_v1 of the same day: the balance at the midnight is
-- computed from a state that is not later.
--
-- Refused by   earn_close_posted_once   the chunk's key is in the book already
CREATE FUNCTION earn_close_daily_v1(
    p_product_id BIGINT,
    p_day DATE,
    p_minute BIGINT,
    p_growth NUMERIC,
    p_after_id BIGINT,
    p_until_id BIGINT,
    p_limit INTEGER,
    p_bonus_aboves NUMERIC[],
    p_bonus_bases NUMERIC[],
    p_bonus_rates NUMERIC[],
    p_extra_aboves NUMERIC[],
    p_extra_bases NUMERIC[],
    p_extra_rates NUMERIC[],
    p_asset TEXT,
    p_extra_asset TEXT,
    p_reward_expense BIGINT,
    p_extra_expense BIGINT,
    p_key TEXT,
    p_effective_at TIMESTAMPTZ,
    OUT o_last_id BIGINT,
    OUT o_count INTEGER
)
LANGUAGE plpgsql AS $$
DECLARE
    v_rows TID[];
    v_positions BIGINT[];
    v_owners BIGINT[];
    v_books BIGINT[];
    v_waiting BIGINT[];
    v_extras BIGINT[];
    v_lows NUMERIC[];
    v_growths NUMERIC[];
    v_carries NUMERIC[];
    v_pledged NUMERIC[];
    v_queued NUMERIC[];
    v_bonus_carries NUMERIC[];
    v_extra_carries NUMERIC[];
    v_paid DATE[];
    v_bonus_total NUMERIC;
    v_extra_total NUMERIC;
    v_key TEXT;
    v_replayed BOOLEAN;
    v_accounts BIGINT[];
    v_assets TEXT[];
    v_amounts NUMERIC[];
BEGIN
    -- Lock in the order of every action. The positions themselves are as of the lock; balances
    -- are read only afterwards, in a new statement.
    SELECT
        max(locked.id), count(*),
        array_agg(locked.row) FILTER (WHERE locked.is_due),
        array_agg(locked.id) FILTER (WHERE locked.is_due),
        array_agg(locked.account_id) FILTER (WHERE locked.is_due),
        array_agg(locked.principal_account) FILTER (WHERE locked.is_due),
        array_agg(locked.rewards_account) FILTER (WHERE locked.is_due),
        array_agg(locked.extra_account) FILTER (WHERE locked.is_due),
        array_agg(locked.low) FILTER (WHERE locked.is_due),
        array_agg(locked.growth) FILTER (WHERE locked.is_due),
        array_agg(locked.carry) FILTER (WHERE locked.is_due),
        array_agg(locked.pledged) FILTER (WHERE locked.is_due),
        array_agg(locked.queued) FILTER (WHERE locked.is_due),
        array_agg(locked.bonus_carry) FILTER (WHERE locked.is_due),
        array_agg(locked.extra_carry) FILTER (WHERE locked.is_due),
        array_agg(locked.paid) FILTER (WHERE locked.is_due)
    INTO
        o_last_id, o_count, v_rows, v_positions, v_owners, v_books, v_waiting, v_extras, v_lows,
        v_growths, v_carries, v_pledged, v_queued, v_bonus_carries, v_extra_carries, v_paid
    FROM (
        SELECT
            id, ctid AS row, account_id, principal_account, rewards_account, extra_account,
            carry, pledged, queued, bonus_carry, extra_carry,
            CASE WHEN low_day = p_day THEN low END AS low,
            -- NULL: it has grown to that midnight already.
            CASE WHEN accrued_minute < p_minute THEN growth END AS growth,
            -- Where it stands if this day comes to nothing: who is paid up stays so.
            CASE WHEN daily_paid IS NULL OR daily_paid = daily_booked THEN p_day + 1
            ELSE daily_paid END AS paid,
            daily_booked IS NULL OR daily_booked <= p_day AS is_due
        FROM earn_position
        WHERE product_id = p_product_id AND status = 'HOLDING'
            AND id > p_after_id AND id <= p_until_id
        ORDER BY id LIMIT p_limit
        FOR NO KEY UPDATE
    ) AS locked;
    IF v_rows IS NULL THEN
        RETURN;
    END IF;

    -- The accounts in which rewards wait, made where a position has none yet.
    IF array_position(v_waiting, NULL) IS NOT NULL AND p_bonus_aboves IS NOT NULL THEN
        v_waiting := ledger_open_accounts_v1(
            v_owners, array_fill(2150::SMALLINT, ARRAY[cardinality(v_owners)]),
            array_fill(p_asset, ARRAY[cardinality(v_owners)]), v_positions
        );
    END IF;
    IF array_position(v_extras, NULL) IS NOT NULL AND p_extra_aboves IS NOT NULL THEN
        v_extras := ledger_open_accounts_v1(
            v_owners, array_fill(2150::SMALLINT, ARRAY[cardinality(v_owners)]),
            array_fill(p_extra_asset, ARRAY[cardinality(v_owners)]), v_positions
        );
    END IF;

    WITH basis AS (
        SELECT
            t.row, t.position_id, t.waiting, t.extra, t.bonus_carry, t.extra_carry, t.paid,
            free.low,
            width_bucket(free.low, p_bonus_aboves) AS bonus_step,
            width_bucket(free.low, p_extra_aboves) AS extra_step
        FROM unnest(
            v_rows, v_positions, v_books, v_waiting, v_extras, v_lows, v_growths, v_carries,
            v_pledged, v_queued, v_bonus_carries, v_extra_carries, v_paid
        ) AS t (
            row, position_id, book_id, waiting, extra, low, growth, carry,
            pledged, queued, bonus_carry, extra_carry, paid
        )
        -- OFFSET 0 keeps it a look-up by key, however many accounts the book has.
        CROSS JOIN LATERAL (
            SELECT
                CASE
                    WHEN t.low IS NOT NULL THEN t.low
                    WHEN t.growth IS NULL THEN balance + t.queued
                    -- Free, and credited at that midnight; what is pledged earns by the minute
                    -- and only that.
                    ELSE trunc(
                        div(
                            (balance + t.pledged + t.queued + t.carry) * p_growth * 1e30, t.growth
                        ) * 1e-30 - (balance + t.pledged + t.queued),
                        8
                    ) + balance + t.queued
                END AS low
            FROM ledger_account WHERE id = t.book_id
            OFFSET 0
        ) AS free
    ),
    claim AS (
        SELECT
            row, position_id, waiting, extra, paid,
            coalesce(div(
                (
                    p_bonus_bases[bonus_step]
                    + (low - p_bonus_aboves[bonus_step]) * p_bonus_rates[bonus_step]
                ) * 1e30, 365
            ) * 1e-30, 0) + bonus_carry AS bonus,
            coalesce(div(
                (
                    p_extra_bases[extra_step]
                    + (low - p_extra_aboves[extra_step]) * p_extra_rates[extra_step]
                ) * 1e30, 365
            ) * 1e-30, 0) + extra_carry AS extra_reward
        FROM basis
    ),
    owed AS MATERIALIZED (
        SELECT
            row, position_id, waiting, extra, paid, bonus, extra_reward,
            trunc(bonus, 8) AS bonus_owed, trunc(extra_reward, 8) AS extra_owed
        FROM claim
    ),
    booked AS (
        -- By row address: the rows are locked, so they cannot have moved since.
        UPDATE earn_position AS position
        SET
            daily_booked = p_day + 1,
            daily_paid = CASE
                WHEN owed.bonus_owed = 0 AND owed.extra_owed = 0 THEN owed.paid
                ELSE coalesce(position.daily_paid, p_day)
            END,
            bonus_carry = owed.bonus - owed.bonus_owed,
            extra_carry = owed.extra_reward - owed.extra_owed,
            rewards_account = owed.waiting, extra_account = owed.extra
        FROM owed
        WHERE position.ctid = owed.row
    ),
    line AS (
        SELECT position_id, waiting AS account_id, p_asset AS asset, bonus_owed AS amount FROM owed
        WHERE bonus_owed > 0
        UNION ALL
        SELECT position_id, extra, p_extra_asset, extra_owed FROM owed WHERE extra_owed > 0
    )
    SELECT
        array_agg(account_id), array_agg(asset), array_agg(amount),
        coalesce(sum(amount) FILTER (WHERE asset = p_asset), 0),
        coalesce(sum(amount) FILTER (WHERE asset = p_extra_asset), 0),
        p_key || '.' || min(position_id)
    INTO v_accounts, v_assets, v_amounts, v_bonus_total, v_extra_total, v_key
    FROM line;

    IF v_accounts IS NOT NULL THEN
        -- One journal, one platform line for each asset for the whole chunk.
        IF v_bonus_total > 0 THEN
            v_accounts := v_accounts || p_reward_expense;
            v_assets := v_assets || p_asset;
            v_amounts := v_amounts || -v_bonus_total;
        END IF;
        IF v_extra_total > 0 THEN
            v_accounts := v_accounts || p_extra_expense;
            v_assets := v_assets || p_extra_asset;
            v_amounts := v_amounts || -v_extra_total;
        END IF;
        SELECT o_replayed[1] INTO v_replayed FROM ledger_post_v1(
            ARRAY[v_key], ARRAY['EARN_DAILY_REWARD'], ARRAY[md5(v_key)],
            array_fill(1, ARRAY[cardinality(v_accounts)]), v_accounts, v_assets, v_amounts,
            p_effective_at
        );
        -- A replay would count days as booked and owe nothing.
        IF v_replayed THEN
            PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
        END IF;
    END IF;
END;
$$;
