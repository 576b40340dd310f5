-- What was agreed is not deleted, and what was promised or done is not rewritten.
REVOKE DELETE, TRUNCATE
ON earn_product, earn_terms, earn_rate, earn_position, earn_subscription, earn_redemption,
earn_day_close
FROM mooring_app;
REVOKE UPDATE ON earn_terms, earn_rate, earn_subscription, earn_day_close FROM mooring_app;
