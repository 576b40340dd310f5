-- What was offered, agreed or decided is not deleted, and what was promised is not rewritten.
REVOKE DELETE, TRUNCATE
ON earn_daily_rate, earn_daily_close, earn_ratio, earn_unbonding, earn_window, earn_pledge,
earn_auto_subscription, earn_proposal
FROM mooring_app;
REVOKE UPDATE ON earn_daily_rate, earn_daily_close, earn_ratio, earn_unbonding FROM mooring_app;
