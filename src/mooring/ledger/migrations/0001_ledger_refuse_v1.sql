-- ledger_refuse_v1: end the statement with a named constraint, usable inside an expression.
--
--   p_constraint   the name that callers match on; prose is never matched
CREATE FUNCTION ledger_refuse_v1(p_constraint TEXT, p_message TEXT) RETURNS TEXT
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'check_violation', CONSTRAINT = p_constraint, MESSAGE = p_message;
END;
$$;
