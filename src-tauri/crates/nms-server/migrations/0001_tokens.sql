-- People and organisations, sessions, tokens with what happened to them, and the small inventory.
--
-- Plain types only, which every database has: ids and lists are TEXT, instants BIGINT microseconds since 1970 in UTC,
-- hashes BLOB (BYTEA elsewhere). No secret is anywhere in here: of a credential only its SHA-256.

CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- 1: the person whose computer the built-in server runs on.
    built_in BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE memberships (
    person_id TEXT NOT NULL REFERENCES people (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    -- What the person holds there: names with a blank between; NULL: all that the server knows, later ones too.
    held TEXT,
    PRIMARY KEY (person_id, organization_id)
);

CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    lookup_id TEXT NOT NULL UNIQUE,
    sha256 BLOB NOT NULL,
    opened_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    owner_id TEXT NOT NULL REFERENCES people (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    lookup_id TEXT NOT NULL UNIQUE,
    suffix TEXT NOT NULL,
    sha256 BLOB NOT NULL,
    name TEXT,
    description TEXT,
    -- By what a list is ordered and searched: folded forms of the above, made by the server.
    name_key TEXT,
    search_text TEXT NOT NULL,
    -- The snapshot: names with a blank before, between and after, so that ' a:b ' finds one.
    permissions TEXT NOT NULL,
    -- CIDR ranges with a blank between; empty: anywhere.
    allowed_addresses TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    paused BIGINT NOT NULL DEFAULT 0,
    -- Counts the changes that the ETag counts.
    version BIGINT NOT NULL DEFAULT 1,
    use_count BIGINT NOT NULL DEFAULT 0,
    last_used_at BIGINT,
    last_used_from TEXT,
    -- JSON: permission to the microseconds of its last use.
    used_permissions TEXT NOT NULL DEFAULT '{}',
    replaces TEXT,
    replaced_by TEXT,
    ends_at BIGINT,
    -- The row of a deleted token stays for 90 days, so that whoever still sends it learns why it is refused.
    deleted_at BIGINT
);

CREATE INDEX tokens_by_creation ON tokens (owner_id, organization_id, created_at, id);
CREATE INDEX tokens_by_expiry ON tokens (owner_id, organization_id, expires_at, id);
CREATE INDEX tokens_by_use ON tokens (owner_id, organization_id, use_count, id);
CREATE INDEX tokens_by_deletion ON tokens (deleted_at);

CREATE TABLE idempotency_keys (
    owner_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    key TEXT NOT NULL,
    body_sha256 BLOB NOT NULL,
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    PRIMARY KEY (owner_id, organization_id, key, method, path)
);

CREATE INDEX idempotency_keys_by_token ON idempotency_keys (token_id);

CREATE TABLE events (
    id TEXT PRIMARY KEY,
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    owner_id TEXT NOT NULL,
    organization_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    -- JSON, as are the members as they were and as they became.
    actor TEXT NOT NULL,
    from_members TEXT,
    to_members TEXT,
    reason TEXT,
    address TEXT,
    permission TEXT,
    count BIGINT,
    first_at BIGINT,
    -- Of what stands here once only: refused calls by token, reason, address and permission (a storm is one row), an
    -- expiry by token and instant.
    once_key TEXT UNIQUE
);

CREATE INDEX events_by_token ON events (token_id, at, id);
CREATE INDEX events_by_owner ON events (owner_id, organization_id, at, id);

CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    address TEXT NOT NULL,
    site TEXT,
    status TEXT NOT NULL
);

CREATE INDEX devices_by_name ON devices (organization_id, name_key, id);
