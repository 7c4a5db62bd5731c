-- A store as a server of schema 5 left it: kept, so that every later one proves that it can open it. Not to be edited, like the
-- migrations that made it: their checksums are in here. Its values are the contract's vectors; its year 2100 keeps anything in
-- it from being over.
BEGIN TRANSACTION;
CREATE TABLE _sqlx_migrations (
    version BIGINT PRIMARY KEY,
    description TEXT NOT NULL,
    installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    success BOOLEAN NOT NULL,
    checksum BLOB NOT NULL,
    execution_time BIGINT NOT NULL
);
INSERT INTO "_sqlx_migrations" VALUES(1,'tokens','2026-11-20 10:00:00',1,X'97F2D2FCE14F58CCA5C8DC2424676410D5806C36A8BFE34A407101154EB99E815A0A736A6F0AD4921C2C7EAE9B6B7435',1000000);
INSERT INTO "_sqlx_migrations" VALUES(2,'review','2026-11-20 10:00:00',1,X'CDA89B7DAD71CE9526A3794825AF2DC02BA292A5D7E91B3C46E3B1E0793568468B84CC095035DB14C430CF48E2371535',1000000);
INSERT INTO "_sqlx_migrations" VALUES(3,'use and alerts','2026-11-20 10:00:00',1,X'49EE1EAAD89DC77945F1558BE8075DB5289CA74EB027284F091184887B8F068011CD5824D5095E7602D76BE07A68B217',1000000);
INSERT INTO "_sqlx_migrations" VALUES(4,'agent of events','2026-11-20 10:00:00',1,X'E48DDD10DE3622E98FED3DFDD453ACBEBBFF7A528AC4AC0CADE5F750D6E8DED6F1C823CC6F46050AE5B0E67B72A5B2BD',1000000);
INSERT INTO "_sqlx_migrations" VALUES(5,'reports','2026-11-20 10:00:00',1,X'EBD03AD295937D4DDB88545CF75F0263AC529ACE60CECF2C5CA5A3A1501F42B3A211928D266EED40615FD71AECA6C57F',1000000);
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
INSERT INTO "alerts" VALUES('01a207d9-2100-7000-8000-000000000301','01a207d9-2100-7000-8000-000000000001','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000000,1795168800000000,4102444800000000);
CREATE TABLE catalogue_of_bits (
    -- One row: the names in their order, with a blank between.
    names TEXT NOT NULL
);
INSERT INTO "catalogue_of_bits" VALUES('devices:read devices:write');
CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    address TEXT NOT NULL,
    site TEXT,
    status TEXT NOT NULL
);
INSERT INTO "devices" VALUES('01a207d9-2100-7000-8000-000000000200','01a207d9-2100-7000-8000-0000000000bb','core-sw1.berlin','core-sw1.berlin','10.10.0.1',NULL,'up');
INSERT INTO "devices" VALUES('01a207d9-2100-7000-8000-000000000201','01a207d9-2100-7000-8000-0000000000bb','fw1.berlin','fw1.berlin','10.10.0.2','Berlin','down');
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
, agent TEXT);
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000101','01a207d9-2100-7000-8000-000000000001','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000001,'created','{"kind":"person","id":"01a207d9-2100-7000-8000-0000000000aa","name":"Ada Lovelace"}',NULL,'{"name":"live"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000102','01a207d9-2100-7000-8000-000000000002','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000002,'created','{"kind":"person","id":"01a207d9-2100-7000-8000-0000000000aa","name":"Ada Lovelace"}',NULL,'{"name":"paused"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000103','01a207d9-2100-7000-8000-000000000003','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000003,'created','{"kind":"person","id":"01a207d9-2100-7000-8000-0000000000aa","name":"Ada Lovelace"}',NULL,'{"name":"deleted"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000104','01a207d9-2100-7000-8000-000000000001','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000004,'first_used','{"kind":"token"}',NULL,NULL,NULL,'127.0.0.9','devices:read',NULL,NULL,NULL,'curl/7.88.1');
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000105','01a207d9-2100-7000-8000-000000000002','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000005,'paused','{"kind":"person","id":"01a207d9-2100-7000-8000-0000000000aa","name":"Ada Lovelace"}','{"paused":false}','{"paused":true}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000106','01a207d9-2100-7000-8000-000000000001','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000006,'refused','{"kind":"token"}',NULL,NULL,'permission-missing','127.0.0.9','devices:write',2,1795168800000000,'refused live','curl/7.88.1');
INSERT INTO "events" VALUES('01a207d9-2100-7000-8000-000000000107','01a207d9-2100-7000-8000-000000000003','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',1795168800000007,'deleted','{"kind":"person","id":"01a207d9-2100-7000-8000-0000000000aa","name":"Ada Lovelace"}',NULL,'{"name":"gone"}',NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO "idempotency_keys" VALUES('01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb','POST','/api/v1/tokens','01a207d9-2100-7000-8000-0000000000cc',X'0000000000000000000000000000000000000000000000000000000000000000','01a207d9-2100-7000-8000-000000000001');
CREATE TABLE memberships (
    person_id TEXT NOT NULL REFERENCES people (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    -- What the person holds there: names with a blank between; NULL: all that the server knows, later ones too.
    held TEXT,
    PRIMARY KEY (person_id, organization_id)
);
INSERT INTO "memberships" VALUES('01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb',' devices:read sites:read ');
CREATE TABLE organizations (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL
);
INSERT INTO "organizations" VALUES('01a207d9-2100-7000-8000-0000000000bb','This computer');
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    -- 1: the person whose computer the built-in server runs on.
    built_in BIGINT NOT NULL DEFAULT 0
);
INSERT INTO "people" VALUES('01a207d9-2100-7000-8000-0000000000aa','Ada Lovelace',1);
CREATE TABLE refused_since_expiry (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (token_id, expires_at)
);
INSERT INTO "refused_since_expiry" VALUES('01a207d9-2100-7000-8000-000000000002',1795168800000000,7);
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    person_id TEXT NOT NULL REFERENCES people (id),
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    lookup_id TEXT NOT NULL UNIQUE,
    sha256 BLOB NOT NULL,
    opened_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL
);
INSERT INTO "sessions" VALUES('01a207d9-2100-7000-8000-0000000000dd','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb','SESSION1',X'0000000000000000000000000000000000000000000000000000000000000000',1795168800000000,4102444800000000);
CREATE TABLE token_sources (
    token_id TEXT NOT NULL REFERENCES tokens (id) ON DELETE CASCADE,
    -- An IPv4 address, or the /64 of an IPv6 one.
    source TEXT NOT NULL,
    -- The first accepted call from there.
    first_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, source)
);
INSERT INTO "token_sources" VALUES('01a207d9-2100-7000-8000-000000000001','127.0.0.9',1795168800000000);
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
INSERT INTO "token_use" VALUES('01a207d9-2100-7000-8000-000000000001','2100-01-01','127.0.0.9','curl/7.88.1','devices:read',3,1795168800000000);
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
, permission_bits BIGINT NOT NULL DEFAULT 0, permission_count BIGINT NOT NULL DEFAULT 0, reported_at BIGINT, report_id TEXT);
INSERT INTO "tokens" VALUES('01a207d9-2100-7000-8000-000000000001','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb','EXAMPLE1','HpXV',X'33D65715B34364C9392530D6A3B4472ED1288AD7882B7368479C85A5CE5C509E','poller','of the core switches','poller','poller of the core switches pnms_pat_EXAMPLE1…HpXV devices:delete devices:read',' devices:delete devices:read ','',1795168800000000,1795168800000000,4102444800000000,0,1,3,1795168800000000,'127.0.0.9','{"devices:read":1795168800000000}',NULL,NULL,NULL,NULL,0,2,NULL,NULL);
INSERT INTO "tokens" VALUES('01a207d9-2100-7000-8000-000000000002','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb','TESTONLY','t49E',X'B5E3DF042FEE3CEB7D4FC0FE60126CB3BDFB84649880FF2FB0C3B85EEB564524','Zähler',NULL,'zähler','zähler  pnms_pat_TESTONLY…t49E sites:read',' sites:read ','10.0.0.0/8 2001:db8::/32',1795168800000000,1795168800000000,4102444800000000,1,2,0,NULL,NULL,'{}',NULL,NULL,NULL,NULL,0,1,NULL,NULL);
INSERT INTO "tokens" VALUES('01a207d9-2100-7000-8000-000000000003','01a207d9-2100-7000-8000-0000000000aa','01a207d9-2100-7000-8000-0000000000bb','00000000','ACVk',X'EA8310F7BABC10D27C594293F652F38B96A3B5890B775288CC9987DBF36B7253','gone',NULL,'gone','gone  pnms_pat_00000000…ACVk devices:read',' devices:read ','',1795168800000000,1795168800000000,4102444800000000,0,1,0,NULL,NULL,'{}',NULL,NULL,NULL,4102444800000000,0,1,NULL,NULL);
CREATE INDEX tokens_by_creation ON tokens (owner_id, organization_id, created_at, id);
CREATE INDEX tokens_by_expiry ON tokens (owner_id, organization_id, expires_at, id);
CREATE INDEX tokens_by_use ON tokens (owner_id, organization_id, use_count, id);
CREATE INDEX tokens_by_deletion ON tokens (deleted_at);
CREATE INDEX idempotency_keys_by_token ON idempotency_keys (token_id);
CREATE INDEX events_by_token ON events (token_id, at, id);
CREATE INDEX events_by_owner ON events (owner_id, organization_id, at, id);
CREATE INDEX devices_by_name ON devices (organization_id, name_key, id);
CREATE INDEX tokens_by_kind ON tokens (
    owner_id, organization_id, expires_at, ends_at, paused, created_at, last_used_at, use_count, permission_bits, deleted_at, id
) WHERE deleted_at IS NULL;
CREATE INDEX tokens_by_hash ON tokens (sha256);
CREATE INDEX tokens_by_end ON tokens (ends_at) WHERE ends_at IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX token_use_by_day ON token_use (day);
CREATE INDEX alerts_by_organization ON alerts (organization_id);
CREATE INDEX open_alerts ON alerts (token_id) WHERE closed_at IS NULL;
CREATE INDEX tokens_by_any_expiry ON tokens (expires_at) WHERE deleted_at IS NULL;
CREATE INDEX reported_tokens ON tokens (organization_id) WHERE reported_at IS NOT NULL;
COMMIT;
