-- What allauth counts attempts in (the shape Django's DatabaseCache reads and writes).
CREATE TABLE accounts_attempt_cache (
    cache_key VARCHAR(255) NOT NULL PRIMARY KEY,
    value TEXT NOT NULL,
    expires TIMESTAMPTZ NOT NULL
);

CREATE INDEX accounts_attempt_cache_expires ON accounts_attempt_cache (expires);
