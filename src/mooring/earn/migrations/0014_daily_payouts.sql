-- What was paid is not rewritten.
REVOKE UPDATE, DELETE, TRUNCATE ON earn_daily_payout FROM mooring_app;

-- Positions that were left with daily rewards to come.
UPDATE earn_position SET awaits_payout = TRUE
WHERE status <> 'HOLDING' AND daily_paid < daily_booked;
