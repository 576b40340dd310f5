-- ledger_post_replayed_v1: ledger_post_v1 for a call in which some keys are in the book.
--
-- Parameters and results as ledger_post_v1. The journals that are new are posted, the others
-- are answered with what was posted first.
--
-- Refused by   ledger_journal_key_reused   a key is in the book with another digest
--              ledger_journal_key_unique   a key stands twice in the call
CREATE FUNCTION ledger_post_replayed_v1(
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
    v_fresh_ids BIGINT[];
BEGIN
    IF cardinality(p_keys) <> (SELECT count(DISTINCT key) FROM unnest(p_keys) AS t (key)) THEN
        PERFORM ledger_refuse_v1('ledger_journal_key_unique', 'a key stands twice in the call');
    END IF;

    SELECT
        array_agg(journal.id ORDER BY t.ordinal),
        array_agg(journal.id IS NOT NULL ORDER BY t.ordinal),
        array_agg(
            CASE
                WHEN journal.digest <> t.digest
                    THEN ledger_refuse_v1('ledger_journal_key_reused', 'key reused: ' || t.key)
            END
        )
    INTO o_ids, o_replayed
    FROM unnest(p_keys, p_digests) WITH ORDINALITY AS t (key, digest, ordinal)
    LEFT JOIN ledger_journal AS journal ON journal.key = t.key;

    -- What is left is new; its lines are renumbered to the journals that remain.
    WITH fresh AS (
        SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS number
        FROM unnest(o_replayed) WITH ORDINALITY AS t (replayed, ordinal)
        WHERE NOT replayed
    ),
    journals AS (
        SELECT
            array_agg(p_keys[ordinal] ORDER BY ordinal) AS keys,
            array_agg(p_kinds[ordinal] ORDER BY ordinal) AS kinds,
            array_agg(p_digests[ordinal] ORDER BY ordinal) AS digests
        FROM fresh
    ),
    lines AS (
        SELECT
            array_agg(fresh.number::INTEGER) AS numbers, array_agg(t.account_id) AS account_ids,
            array_agg(t.asset) AS assets, array_agg(t.amount) AS amounts
        FROM unnest(p_journals, p_account_ids, p_assets, p_amounts)
            AS t (journal, account_id, asset, amount)
        INNER JOIN fresh ON fresh.ordinal = t.journal
    )
    SELECT posted.o_ids INTO v_fresh_ids
    FROM journals CROSS JOIN lines CROSS JOIN LATERAL ledger_post_v1(
        journals.keys, journals.kinds, journals.digests, lines.numbers, lines.account_ids,
        lines.assets, lines.amounts, p_effective_at
    ) AS posted
    WHERE journals.keys IS NOT NULL;

    IF v_fresh_ids IS NOT NULL THEN
        WITH fresh AS (
            SELECT ordinal, row_number() OVER (ORDER BY ordinal) AS number
            FROM unnest(o_replayed) WITH ORDINALITY AS t (replayed, ordinal)
            WHERE NOT replayed
        )
        SELECT array_agg(coalesce(t.id, v_fresh_ids[fresh.number]) ORDER BY t.ordinal)
        INTO o_ids
        FROM unnest(o_ids) WITH ORDINALITY AS t (id, ordinal)
        LEFT JOIN fresh ON fresh.ordinal = t.ordinal;
    END IF;
END;
$$;
