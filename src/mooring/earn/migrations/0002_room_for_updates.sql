-- Room on every page for the next version of a row: rewards change a position every day and
-- nothing that is indexed, so an update stays on its page and touches no index.
ALTER TABLE earn_position SET (fillfactor = 50);
