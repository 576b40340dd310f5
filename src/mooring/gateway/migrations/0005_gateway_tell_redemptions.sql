-- gateway_tell_redemptions: a message to every webhook of an account for each status that its
-- redemptions reach, whatever code changed them (decision 0039).
--
-- Triggers  gateway_redemption_made    what is new
--           gateway_redemption_moved   what has another status now
CREATE OR REPLACE FUNCTION gateway_tell_redemptions() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    -- Nearly always nobody is told: then this is all.
    IF NOT EXISTS (
        SELECT FROM gateway_webhook WHERE ended_at IS NULL AND 'redemption' = ANY(topics)
    ) THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO gateway_delivery (webhook_id, account_id, type, subject)
        SELECT webhook.id, told.account_id, 'redemption.' || lower(told.status), told.id
        FROM told
        INNER JOIN gateway_webhook AS webhook ON webhook.account_id = told.account_id
        WHERE webhook.ended_at IS NULL AND 'redemption' = ANY(webhook.topics)
        ORDER BY told.id
        ON CONFLICT DO NOTHING;
    ELSE
        INSERT INTO gateway_delivery (webhook_id, account_id, type, subject)
        SELECT webhook.id, told.account_id, 'redemption.' || lower(told.status), told.id
        FROM told
        INNER JOIN untold ON untold.id = told.id AND untold.status <> told.status
        INNER JOIN gateway_webhook AS webhook ON webhook.account_id = told.account_id
        WHERE webhook.ended_at IS NULL AND 'redemption' = ANY(webhook.topics)
        ORDER BY told.id
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE TRIGGER gateway_redemption_made
AFTER INSERT ON earn_redemption REFERENCING NEW TABLE AS told
FOR EACH STATEMENT EXECUTE FUNCTION gateway_tell_redemptions();

CREATE OR REPLACE TRIGGER gateway_redemption_moved
AFTER UPDATE ON earn_redemption REFERENCING OLD TABLE AS untold NEW TABLE AS told
FOR EACH STATEMENT EXECUTE FUNCTION gateway_tell_redemptions();
