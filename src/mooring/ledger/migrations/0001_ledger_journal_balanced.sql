-- ledger_journal_balanced: the signed entries of a journal sum to zero in each asset.
--
-- Once per statement over all it inserted, as a set: a journal is inserted by one statement.
CREATE FUNCTION ledger_journal_balanced() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inserted GROUP BY journal_id, asset HAVING sum(amount) <> 0) THEN
        PERFORM ledger_refuse_v1('ledger_journal_balanced', 'a journal does not sum to zero');
    END IF;
    RETURN NULL;
END;
$$;

CREATE TRIGGER ledger_journal_balanced
AFTER INSERT ON ledger_entry
REFERENCING NEW TABLE AS inserted
FOR EACH STATEMENT EXECUTE FUNCTION ledger_journal_balanced();
