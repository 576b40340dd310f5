-- ledger_append_only: what is in the book stays as it is, whoever asks.
--
-- The application's role lacks the privileges; this stops the owner's role too. A row trigger
-- would not see TRUNCATE.
CREATE FUNCTION ledger_append_only() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM ledger_refuse_v1(TG_TABLE_NAME || '_append_only', 'the book is append-only');
    RETURN NULL;
END;
$$;

CREATE TRIGGER ledger_entry_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();

CREATE TRIGGER ledger_journal_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_journal
FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();

CREATE TRIGGER ledger_movement_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_movement
FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();
