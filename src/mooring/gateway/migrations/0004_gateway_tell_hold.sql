-- gateway_tell_hold: a message to every webhook of an account whose withdrawals wait from now on
-- (decision 0039).
--
-- Trigger   gateway_hold_begun
CREATE OR REPLACE FUNCTION gateway_tell_hold() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO gateway_delivery (webhook_id, account_id, type, subject)
    SELECT webhook.id, new.account_id, 'hold.begun', new.id
    FROM gateway_webhook AS webhook
    WHERE webhook.account_id = new.account_id
        AND webhook.ended_at IS NULL AND 'hold' = ANY(webhook.topics)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END;
$$;

CREATE OR REPLACE TRIGGER gateway_hold_begun
AFTER INSERT ON accounts_hold
FOR EACH ROW EXECUTE FUNCTION gateway_tell_hold();
