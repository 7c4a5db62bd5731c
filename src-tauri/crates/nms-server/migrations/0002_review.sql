-- What a review asks of many tokens at once, replacements that end by themselves, and the sources that a token is known
-- to be used from.

-- The snapshot again, as the database can compare it: a bit for each permission, by its place in the catalogue of
-- the program, and how many there are. The program writes both beside the snapshot, and all anew when it opens a store
-- whose `catalogue_of_bits` is another than its own.
ALTER TABLE tokens ADD COLUMN permission_bits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tokens ADD COLUMN permission_count BIGINT NOT NULL DEFAULT 0;

CREATE TABLE catalogue_of_bits (
    -- One row: the names in their order, with a blank between.
    names TEXT NOT NULL
);

-- Counts and filters are answered from this index alone, in one pass over an owner's tokens.
CREATE INDEX tokens_by_kind ON tokens (
    owner_id, organization_id, expires_at, ends_at, paused, created_at, last_used_at, use_count, permission_bits, deleted_at, id
) WHERE deleted_at IS NULL;

-- A value that somebody found is looked up by its hash.
CREATE INDEX tokens_by_hash ON tokens (sha256);

-- Replaced tokens that have not ended yet.
CREATE INDEX tokens_by_end ON tokens (ends_at) WHERE ends_at IS NOT NULL AND deleted_at IS NULL;

CREATE TABLE token_sources (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    -- An IPv4 address, or the /64 of an IPv6 one.
    source TEXT NOT NULL,
    -- The first accepted call from there.
    first_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, source)
);
