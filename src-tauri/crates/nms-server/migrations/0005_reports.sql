-- Tokens whose value was found in public: since when that is known, and the id of the alert about it. When the alert
-- closes follows from the token and is not stored.
ALTER TABLE tokens ADD COLUMN reported_at BIGINT;
ALTER TABLE tokens ADD COLUMN report_id TEXT;

CREATE INDEX reported_tokens ON tokens (organization_id) WHERE reported_at IS NOT NULL;
