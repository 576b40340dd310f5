-- earn_take_back_rates_v1: take a product's rates back that were announced and have not begun.
--
-- Rates are only added; this is the one way in which some go, each of them kept in
-- earn_taken_back. Nobody has earned by them: they begin later.
--
--   p_product_id   whose
--   p_from_minute  those of this minute and later
--   p_at           when this is decided, platform time
--
-- Refused by   earn_taken_back_not_begun   one of them has begun
--              earn_rate_credited          a position has been credited beyond one of them
CREATE FUNCTION earn_take_back_rates_v1(
    p_product_id BIGINT, p_from_minute BIGINT, p_at TIMESTAMPTZ
) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT FROM earn_position
        WHERE product_id = p_product_id AND accrued_minute > p_from_minute
    ) THEN
        RAISE EXCEPTION 'product % was credited beyond minute %', p_product_id, p_from_minute
            USING ERRCODE = 'check_violation', CONSTRAINT = 'earn_rate_credited';
    END IF;
    WITH gone AS (
        DELETE FROM earn_rate
        WHERE product_id = p_product_id AND from_minute >= p_from_minute
        RETURNING from_minute, apr
    )
    INSERT INTO earn_taken_back (product_id, kind, effective_from, number, taken_back_at)
    SELECT p_product_id, 'RATE', to_timestamp(gone.from_minute * 60), gone.apr, p_at FROM gone;
END;
$$;
