-- policies_setting_append_only: settings are added, never altered or removed.
--
-- The privileges say the same to the application's role; the trigger says it to the owner too.
--
-- Refused by   policies_setting_append_only   UPDATE, DELETE or TRUNCATE of policies_setting
CREATE OR REPLACE FUNCTION policies_setting_append_only() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'settings are only added: % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'policies_setting_append_only';
END;
$$;

CREATE OR REPLACE TRIGGER policies_setting_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON policies_setting
FOR EACH STATEMENT EXECUTE FUNCTION policies_setting_append_only();

REVOKE UPDATE, DELETE, TRUNCATE ON policies_setting FROM mooring_app;
