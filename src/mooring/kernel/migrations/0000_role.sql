-- The application's role, and what it may do with every table made from here on.
--
-- Migrations run as the role that logs in and owns the tables; the application works as
-- `mooring_app` (SET ROLE at connection), which owns nothing. The ledger takes back what it
-- must not have (ledger 0001).
DO $$
BEGIN
    CREATE ROLE mooring_app NOLOGIN;
EXCEPTION
    -- Roles belong to the server, not to the database: another database may have made it, or
    -- may be making it at this moment.
    WHEN duplicate_object OR unique_violation THEN NULL;
END;
$$;

GRANT mooring_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO mooring_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mooring_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public
GRANT USAGE, SELECT ON SEQUENCES TO mooring_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO mooring_app;
