-- earn_proposal_stays: what was proposed never changes, and what was decided stays decided.
--
-- Refused by   earn_proposal_never_changes   another text, time or author; DELETE and TRUNCATE
--              earn_proposal_decided_once    any change of a proposal that was decided
CREATE OR REPLACE FUNCTION earn_proposal_stays() RETURNS TRIGGER
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'proposals are kept: % refused', TG_OP
            USING ERRCODE = 'check_violation', CONSTRAINT = 'earn_proposal_never_changes';
    END IF;
    IF old.status <> 'PENDING' THEN
        RAISE EXCEPTION 'proposal % was decided', old.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'earn_proposal_decided_once';
    END IF;
    IF (old.id, old.kind, old.subject, old.payload, old.effective_from, old.proposed_by,
        old.proposed_at, old.recorded_at)
        IS DISTINCT FROM
        (new.id, new.kind, new.subject, new.payload, new.effective_from, new.proposed_by,
        new.proposed_at, new.recorded_at)
    THEN
        RAISE EXCEPTION 'proposal % says what it said', old.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'earn_proposal_never_changes';
    END IF;
    RETURN new;
END;
$$;

CREATE OR REPLACE TRIGGER earn_proposal_decided_once
BEFORE UPDATE ON earn_proposal
FOR EACH ROW EXECUTE FUNCTION earn_proposal_stays();

CREATE OR REPLACE TRIGGER earn_proposal_never_changes
BEFORE DELETE OR TRUNCATE ON earn_proposal
FOR EACH STATEMENT EXECUTE FUNCTION earn_proposal_stays();
