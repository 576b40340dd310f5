-- ledger_post_v1: post any number of journals, whole or not at all.
--
--   p_keys, p_kinds, p_digests   one element per journal; equal lengths
--   p_journals                   per line: which journal, counted from 1
--   p_account_ids, p_assets      per line
--   p_amounts                    per line, signed (credit positive), in units of the asset
--   p_effective_at               when the events happened, given by the caller
--
-- Returns per journal its id and whether it was in the book before (same key, same digest:
-- nothing moves, the first id is the answer).
--
-- Refused by   ledger_journal_key_unique                a key stands twice in the call
--              ledger_journal_key_reused                a key is in the book with another digest
--              ledger_journal_balanced                  an asset of a journal does not sum to zero
--              ledger_entry_account_known               an account is not in the book
--              ledger_entry_asset_is_the_accounts       a line is in another asset than its account
--              ledger_entry_account_once_per_journal    a journal touches an account twice
--              ledger_entry_amount_not_zero, ledger_entry_amount_is_a_number
--              ledger_entry_balance_after_not_negative  a balance would fall below zero
--              ledger_account_closed_is_empty           an account is closed
CREATE OR REPLACE FUNCTION ledger_post_v1(
    p_keys TEXT[],
    p_kinds TEXT[],
    p_digests TEXT[],
    p_journals INTEGER[],
    p_account_ids BIGINT[],
    p_assets TEXT[],
    p_amounts NUMERIC[],
    p_effective_at TIMESTAMPTZ,
    OUT o_ids BIGINT[],
    OUT o_replayed BOOLEAN[]
)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    v_ids BIGINT[];
    v_assets TEXT[];
    v_balances NUMERIC[];
    v_rows TID[];
BEGIN
    -- Lock lowest id first, so that two postings can wait for each other but never deadlock.
    -- Platform accounts (no balance) are read, not locked: postings do not queue for them.
    SELECT
        array_agg(locked.id), array_agg(locked.asset),
        array_agg(locked.balance), array_agg(locked.row)
    INTO v_ids, v_assets, v_balances, v_rows
    FROM (
        SELECT
            id, balance, ctid AS row,
            CASE
                WHEN closed_at IS NOT NULL
                    THEN ledger_refuse_v1('ledger_account_closed_is_empty', 'account is closed')
                ELSE asset
            END AS asset
        FROM ledger_account
        WHERE id = ANY(p_account_ids) AND owner_id IS NOT NULL
        ORDER BY id
        FOR NO KEY UPDATE
    ) AS locked;

    BEGIN
        WITH journal AS (
            INSERT INTO ledger_journal (key, kind, digest, effective_at)
            SELECT key, kind, digest, p_effective_at
            FROM unnest(p_keys, p_kinds, p_digests) AS t (key, kind, digest)
            RETURNING id
        )
        SELECT array_agg(id ORDER BY id) INTO o_ids FROM journal;
    EXCEPTION WHEN unique_violation THEN
        -- Rare: the batch is taken apart only when one of its keys is in the book already.
        SELECT replay.o_ids, replay.o_replayed INTO o_ids, o_replayed
        FROM ledger_post_replayed_v1(
            p_keys, p_kinds, p_digests, p_journals, p_account_ids, p_assets, p_amounts,
            p_effective_at
        ) AS replay;
        RETURN;
    END;

    WITH account AS (
        SELECT id, asset, balance, row FROM unnest(v_ids, v_assets, v_balances, v_rows)
            AS t (id, asset, balance, row)
        UNION ALL
        SELECT id, asset, NULL, NULL FROM ledger_account
        WHERE id = ANY(p_account_ids) AND owner_id IS NULL
    ),
    line AS MATERIALIZED (
        SELECT
            o_ids[t.journal] AS journal_id, t.account_id, account.row,
            -- Cast once to what the columns hold, not again for each table they are written to.
            t.amount::NUMERIC(38, 18) AS amount,
            -- LEFT JOIN: an unknown account has no asset, which is refused by name. An inner
            -- join would drop the line in silence.
            CASE
                WHEN account.id IS NULL
                    THEN ledger_refuse_v1('ledger_entry_account_known', 'unknown account')
                WHEN account.asset <> t.asset
                    THEN ledger_refuse_v1('ledger_entry_asset_is_the_accounts', 'another asset')
                ELSE t.asset
            END AS asset,
            -- Of customers: the platform's lines, half of many a call, have no sum to run.
            (
                account.balance
                + sum(t.amount) FILTER (WHERE account.balance IS NOT NULL) OVER sequence
            )::NUMERIC(38, 18) AS balance_after,
            lead(t.journal) OVER sequence IS NULL AS is_last
        FROM unnest(p_journals, p_account_ids, p_assets, p_amounts)
            AS t (journal, account_id, asset, amount)
        LEFT JOIN account ON account.id = t.account_id
        WINDOW sequence AS (
            PARTITION BY t.account_id ORDER BY t.journal ROWS UNBOUNDED PRECEDING
        )
    ),
    entry AS (
        INSERT INTO ledger_entry (account_id, journal_id, asset, amount, balance_after)
        SELECT account_id, journal_id, asset, amount, balance_after FROM line
    ),
    movement AS (
        -- What this call moved on each platform account, as one new row: nobody waits for it.
        INSERT INTO ledger_movement (account_id, journal_id, amount)
        SELECT account_id, max(journal_id), sum(amount) FROM line
        WHERE row IS NULL
        GROUP BY account_id
    )
    -- By row address: the rows are locked above, so they cannot have moved since.
    UPDATE ledger_account
    SET balance = line.balance_after
    FROM line
    WHERE line.is_last AND line.row IS NOT NULL AND ledger_account.ctid = line.row;

    o_replayed := array_fill(FALSE, ARRAY[cardinality(p_keys)]);
END;
$$;
