-- ledger_open_accounts_v1: make sure that accounts are in the book; return their ids in order.
--
--   p_owner_ids    whose, by number; NULL for the platform's own
--   p_codes        of the chart of accounts
--   p_assets       the asset each account is kept in
--   p_references   what it belongs to within the owner (a position); 0 for none
--
-- Refused by   ledger_account_code_is_of_the_owner   a customer's code without owner, or reverse
CREATE FUNCTION ledger_open_accounts_v1(
    p_owner_ids BIGINT[],
    p_codes SMALLINT[],
    p_assets TEXT[],
    p_references BIGINT[]
) RETURNS BIGINT[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_ids BIGINT[];
BEGIN
    -- Twice at most: once to find them, and once more after those that were missing are made.
    FOR v_try IN 1..2 LOOP
        -- Two joins, because no index answers `IS NOT DISTINCT FROM`.
        SELECT array_agg(coalesce(customers.id, platforms.id) ORDER BY t.ordinal) INTO v_ids
        FROM unnest(p_owner_ids, p_codes, p_assets, p_references) WITH ORDINALITY
            AS t (owner_id, code, asset, reference, ordinal)
        LEFT JOIN ledger_account AS customers
            ON customers.owner_id = t.owner_id
            AND customers.code = t.code AND customers.asset = t.asset
            AND customers.reference = t.reference
        LEFT JOIN ledger_account AS platforms
            ON t.owner_id IS NULL AND platforms.owner_id IS NULL
            AND platforms.code = t.code AND platforms.asset = t.asset
            AND platforms.reference = t.reference;
        EXIT WHEN array_position(v_ids, NULL) IS NULL;

        -- Ordered, so that two callers who make the same accounts wait and do not deadlock.
        INSERT INTO ledger_account (owner_id, code, asset, reference, balance)
        SELECT DISTINCT
            owner_id, code, asset, reference, CASE WHEN owner_id IS NOT NULL THEN 0 END
        FROM unnest(p_owner_ids, p_codes, p_assets, p_references)
            AS t (owner_id, code, asset, reference)
        ORDER BY owner_id, code, asset, reference
        ON CONFLICT ON CONSTRAINT ledger_account_one_per_owner_code_asset_reference DO NOTHING;
    END LOOP;
    RETURN v_ids;
END;
$$;
