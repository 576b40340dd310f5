-- Positions of before: the day they were opened on earns nothing by the day.
UPDATE earn_position
SET
    daily_booked = (opened_at AT TIME ZONE 'UTC')::DATE + 1,
    daily_paid = (opened_at AT TIME ZONE 'UTC')::DATE + 1
WHERE kind = 'FLEXIBLE' AND daily_booked IS NULL;
