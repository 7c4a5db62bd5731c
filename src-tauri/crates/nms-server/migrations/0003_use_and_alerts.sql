-- Who used a token on which day and what for, alerts about tokens that expire, and what was refused since they did.

CREATE TABLE token_use (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    -- In UTC, as in 2026-11-23.
    day TEXT NOT NULL,
    -- Empty: not told apart; see the type `UseRecord`. Not NULL, which is not unique.
    address TEXT NOT NULL,
    agent TEXT NOT NULL,
    permission TEXT NOT NULL,
    count BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, day, address, agent, permission)
);

CREATE INDEX token_use_by_day ON token_use (day);

-- How bad an alert is follows from the clock and is not stored.
CREATE TABLE alerts (
    id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    owner_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    UNIQUE (token_id, expires_at)
);

CREATE INDEX alerts_by_organization ON alerts (organization_id);
CREATE INDEX open_alerts ON alerts (token_id) WHERE closed_at IS NULL;

-- Calls that were refused because a token had expired, of each of its expiries.
CREATE TABLE refused_since_expiry (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (token_id, expires_at)
);

-- Which tokens expire next is asked every few seconds.
CREATE INDEX tokens_by_any_expiry ON tokens (expires_at) WHERE deleted_at IS NULL;
