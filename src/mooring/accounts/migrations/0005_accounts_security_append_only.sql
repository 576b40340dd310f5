-- accounts_security_append_only: events and holds are added, never altered or removed.
--
-- A hold that could be altered could be shortened. The privileges say the same to the
-- application's role; the trigger says it to the owner too.
--
-- Refused by   accounts_security_append_only   UPDATE, DELETE or TRUNCATE of either table
CREATE OR REPLACE FUNCTION accounts_security_append_only() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'events and holds are only added: % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'accounts_security_append_only';
END;
$$;

CREATE OR REPLACE TRIGGER accounts_security_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_security_event
FOR EACH STATEMENT EXECUTE FUNCTION accounts_security_append_only();

CREATE OR REPLACE TRIGGER accounts_security_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON accounts_hold
FOR EACH STATEMENT EXECUTE FUNCTION accounts_security_append_only();

REVOKE UPDATE, DELETE, TRUNCATE ON accounts_security_event, accounts_hold FROM mooring_app;
