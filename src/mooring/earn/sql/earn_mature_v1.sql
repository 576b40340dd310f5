-- earn_mature_v1: let a chunk of locked positions whose rewards have ended begin to come back.
--
--   p_position_ids   candidates; their customers' accounts are locked by the caller
--   p_at             now: positions whose rewards ended at this time or before are ripe
--
-- Returns how many matured: a candidate that was left or matured meanwhile is passed over. As
-- rules/redemption.py `mature` decides it: the whole principal, nothing taken, on the day that
-- was agreed; where to is what the customer chose last. Each position has a journal of its own,
-- as if it were alone: its key lets no position mature twice, whoever does it.
CREATE OR REPLACE FUNCTION earn_mature_v1(
    p_position_ids BIGINT[],
    p_at TIMESTAMPTZ
) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    v_rows TID[];
    v_keys TEXT[];
    v_digests TEXT[];
    v_journals INTEGER[];
    v_accounts BIGINT[];
    v_assets TEXT[];
    v_amounts NUMERIC[];
    v_replayed BOOLEAN;
BEGIN
    SELECT array_agg(locked.row) INTO v_rows
    FROM (
        SELECT ctid AS row FROM earn_position
        WHERE id = ANY(p_position_ids)
            AND kind = 'LOCKED' AND status = 'HOLDING' AND rewards_end <= p_at
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS locked;
    IF v_rows IS NULL THEN
        RETURN 0;
    END IF;

    -- A second statement: a row that was waited for is read anew, together with its balance.
    WITH ripe AS MATERIALIZED (
        SELECT
            position.ctid AS row, position.id, position.account_id, position.rewards_end,
            position.delivers_at, position.principal_account, position.redeeming_account,
            principal.asset, principal.balance AS amount,
            CASE WHEN position.auto_renew THEN 'RENEWAL' ELSE position.redeem_to END
                AS destination,
            row_number() OVER ()::INTEGER AS number
        FROM earn_position AS position
        -- OFFSET 0 keeps it a look-up by key, however many accounts the book has.
        CROSS JOIN LATERAL (
            SELECT asset, balance FROM ledger_account
            WHERE id = position.principal_account OFFSET 0
        ) AS principal
        WHERE position.ctid = ANY(v_rows)
    ),
    leaving AS (
        INSERT INTO earn_redemption (
            account_id, position_id, request_key, digest, type, is_whole, status, destination,
            amount, deducted, fee, forfeited, rewards_added, net,
            requested_at, arrives_from, arrives_until
        )
        -- No customer asked: no digest. A customer's key has no slash, so none can stand in the
        -- way of this one.
        SELECT
            account_id, id, 'maturity/' || id, '', 'MATURE', TRUE, 'PENDING', destination,
            amount, 0, 0, 0, 0, amount,
            rewards_end, delivers_at, delivers_at + INTERVAL '24 hours'
        FROM ripe
    ),
    begun AS (
        -- By row address: the rows are locked, so they cannot have moved since.
        UPDATE earn_position AS position
        SET status = 'REDEEMING', exit = 'MATURE', version = version + 1
        FROM ripe
        WHERE position.ctid = ripe.row
    )
    SELECT
        array_agg('earn.mature:' || id), array_agg(md5('earn.mature:' || id)),
        array_agg(number) || array_agg(number),
        array_agg(principal_account) || array_agg(redeeming_account),
        array_agg(asset) || array_agg(asset), array_agg(-amount) || array_agg(amount)
    INTO v_keys, v_digests, v_journals, v_accounts, v_assets, v_amounts
    FROM ripe;

    SELECT TRUE = ANY(o_replayed) INTO v_replayed FROM ledger_post_v1(
        v_keys, array_fill('EARN_MATURED'::TEXT, ARRAY[cardinality(v_keys)]), v_digests,
        v_journals, v_accounts, v_assets, v_amounts, p_at
    );
    -- A replay would count positions as matured and move no money.
    IF v_replayed THEN
        PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
    END IF;
    RETURN cardinality(v_keys);
END;
$$;
