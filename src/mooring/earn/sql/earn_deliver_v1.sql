-- earn_deliver_v1: let a chunk of redemptions of locked positions arrive in their wallets.
--
--   p_redemption_ids   candidates, and per element
--   p_position_ids     their positions; the customers' accounts are locked by the caller
--   p_at               now: when they arrive
--
-- Returns how many arrived: a candidate that was undone or delivered meanwhile is passed over.
-- The callers pick redemptions into a wallet whose window has begun; what is to go into another
-- position is decided one by one elsewhere. Each has a journal of its own, as if it were alone:
-- its key lets nothing arrive twice, whoever does it.
CREATE OR REPLACE FUNCTION earn_deliver_v1(
    p_redemption_ids BIGINT[],
    p_position_ids BIGINT[],
    p_at TIMESTAMPTZ
) RETURNS INTEGER
LANGUAGE plpgsql AS $$
DECLARE
    v_rows TID[];
    v_owners BIGINT[];
    v_codes SMALLINT[];
    v_assets TEXT[];
    v_redeeming BIGINT[];
    v_wallets BIGINT[];
    v_nets NUMERIC[];
    v_keys TEXT[];
    v_digests TEXT[];
    v_journals INTEGER[];
    v_replayed BOOLEAN;
BEGIN
    PERFORM id FROM earn_position WHERE id = ANY(p_position_ids) ORDER BY id FOR NO KEY UPDATE;

    SELECT array_agg(locked.row) INTO v_rows
    FROM (
        SELECT ctid AS row FROM earn_redemption
        WHERE id = ANY(p_redemption_ids) AND status = 'PENDING'
            AND destination IN ('SPOT', 'FUNDING')
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS locked;
    IF v_rows IS NULL THEN
        RETURN 0;
    END IF;

    -- By row address: the rows are locked, so they cannot have moved since.
    WITH due AS MATERIALIZED (
        UPDATE earn_redemption AS redemption
        SET status = 'PAID', paid_at = p_at
        FROM earn_position AS position
        INNER JOIN earn_product AS product ON product.id = position.product_id
        WHERE redemption.ctid = ANY(v_rows) AND position.id = redemption.position_id
        RETURNING redemption.id, redemption.account_id, redemption.position_id,
            redemption.net, redemption.destination, product.asset,
            position.redeeming_account
    )
    SELECT
        array_agg(account_id), array_agg(CASE destination WHEN 'SPOT' THEN 2110 ELSE 2120 END),
        array_agg(asset), array_agg(redeeming_account), array_agg(net),
        array_agg('earn.deliver:' || id), array_agg(md5('earn.deliver:' || id)),
        array_agg(number)
    INTO v_owners, v_codes, v_assets, v_redeeming, v_nets, v_keys, v_digests, v_journals
    FROM (
        SELECT *, row_number() OVER ()::INTEGER AS number FROM due
        -- Everything may have been taken back: then nothing arrives, and it is settled.
        WHERE net > 0
    ) AS arriving;

    -- Left, and nothing else of it is on its way. A statement of its own sees what the one before
    -- it delivered; OFFSET 0 keeps it a look-up by position, however much is on its way. Not by the
    -- index of what is on its way, which looks short where nothing was counted yet: hence the ''.
    UPDATE earn_position AS position
    SET status = 'PAID', closed_at = p_at
    WHERE position.id = ANY(p_position_ids) AND position.status = 'REDEEMING'
        AND NOT EXISTS (
            SELECT FROM earn_redemption AS other
            WHERE other.position_id = position.id AND other.status || '' = 'PENDING' OFFSET 0
        );

    IF v_keys IS NOT NULL THEN
        v_wallets := ledger_open_accounts_v1(
            v_owners, v_codes, v_assets, array_fill(0::BIGINT, ARRAY[cardinality(v_keys)])
        );
        SELECT TRUE = ANY(o_replayed) INTO v_replayed FROM ledger_post_v1(
            v_keys, array_fill('EARN_DELIVERED'::TEXT, ARRAY[cardinality(v_keys)]), v_digests,
            v_journals || v_journals, v_redeeming || v_wallets, v_assets || v_assets,
            ARRAY(SELECT -net FROM unnest(v_nets) AS t (net)) || v_nets, p_at
        );
        -- A replay would count redemptions as delivered and move no money.
        IF v_replayed THEN
            PERFORM ledger_refuse_v1('earn_close_posted_once', 'the key is in the book already');
        END IF;
    END IF;
    RETURN cardinality(v_rows);
END;
$$;
