-- earn_take_back_ratio_v1: take a ratio back that was announced and has not begun.
--
--   p_product_id      whose
--   p_effective_from  from when it would have held
--   p_at              when this is decided, platform time
--
-- Refused by   earn_taken_back_not_begun   it has begun
CREATE FUNCTION earn_take_back_ratio_v1(
    p_product_id BIGINT, p_effective_from TIMESTAMPTZ, p_at TIMESTAMPTZ
) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    WITH gone AS (
        DELETE FROM earn_ratio
        WHERE product_id = p_product_id AND effective_from = p_effective_from
        RETURNING ratio
    )
    INSERT INTO earn_taken_back (product_id, kind, effective_from, number, taken_back_at)
    SELECT p_product_id, 'RATIO', p_effective_from, gone.ratio, p_at FROM gone;
END;
$$;
