-- assets_price_append_only: prices are added, never altered or removed.
--
-- The privileges say the same to the application's role; the trigger says it to the owner too.
--
-- Refused by   assets_price_append_only   UPDATE, DELETE or TRUNCATE of assets_price
CREATE OR REPLACE FUNCTION assets_price_append_only() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'prices are only added: % refused', TG_OP
        USING ERRCODE = 'check_violation', CONSTRAINT = 'assets_price_append_only';
END;
$$;

CREATE OR REPLACE TRIGGER assets_price_append_only
BEFORE UPDATE OR DELETE OR TRUNCATE ON assets_price
FOR EACH STATEMENT EXECUTE FUNCTION assets_price_append_only();

REVOKE UPDATE, DELETE, TRUNCATE ON assets_price FROM mooring_app;
