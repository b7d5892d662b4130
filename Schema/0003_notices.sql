-- What leaves the engine: notices, and the dense numbers that the sequencer gives them.

CREATE TABLE engine.notice (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    number integer NOT NULL,
    root uuid NOT NULL,
    look_up text COLLATE "C",
    recorded_at timestamptz NOT NULL,
    head bytea NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT notice_key PRIMARY KEY (province, dossier, number),
    CONSTRAINT notice_number CHECK (number >= 1),
    CONSTRAINT notice_head_length CHECK (octet_length(head) = 32)
);
COMMENT ON TABLE engine.notice IS
    'What is published of a dossier, append-only, kept as long as the log. Nothing personal.';
COMMENT ON COLUMN engine.notice.number IS 'Dense per dossier, from 1.';
COMMENT ON COLUMN engine.notice.look_up IS 'The look-up code of the dossier itself; null for linked ones.';
COMMENT ON COLUMN engine.notice.head IS 'The dossier''s chain head when the notice was made; the leaf commits to it.';
COMMENT ON COLUMN engine.notice.body IS 'Canonical JSON: the exact bytes that the leaf hashes.';

CREATE TABLE engine.notice_queue (
    province smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    dossier uuid NOT NULL,
    number integer NOT NULL,
    content bytea NOT NULL,
    CONSTRAINT notice_queue_key PRIMARY KEY (province, id),
    CONSTRAINT notice_queue_content_length CHECK (octet_length(content) = 64)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE engine.notice_queue IS
    'Notices without a leaf. The sequencer deletes what it numbers, rather than following id: a row that commits late, behind higher ids, is never passed over.';

COMMENT ON COLUMN engine.notice_queue.content IS
    'sha256 of the notice''s body, and its head: what its leaf commits to, so that the sequencer need not read the notice.';

CREATE TABLE engine.sequencer (
    province smallint NOT NULL,
    next_n bigint NOT NULL,
    CONSTRAINT sequencer_key PRIMARY KEY (province),
    CONSTRAINT sequencer_province CHECK (province > 0),
    CONSTRAINT sequencer_next CHECK (next_n >= 0)
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE engine.sequencer IS
    'The head row of each province: who holds its lock gives the next leaf numbers. Made with the province''s first dossier or message, so it is also the list of provinces.';

CREATE TABLE engine.leaf (
    province smallint NOT NULL,
    n bigint NOT NULL,
    dossier uuid,
    number integer,
    salt bytea,
    hash bytea NOT NULL,
    sequenced_at timestamptz NOT NULL,
    erased_at timestamptz,
    CONSTRAINT leaf_key PRIMARY KEY (province, n),
    CONSTRAINT leaf_once UNIQUE (province, dossier, number),
    CONSTRAINT leaf_n CHECK (n >= 0),
    CONSTRAINT leaf_notice CHECK ((dossier IS NULL) = (number IS NULL)),
    CONSTRAINT leaf_salt_length CHECK (octet_length(salt) = 16),
    CONSTRAINT leaf_hash_length CHECK (octet_length(hash) = 32)
);
COMMENT ON TABLE engine.leaf IS
    'The province''s notices in their one order, dense from 0: leaves of its Merkle tree. Every reader of notices is a cursor over n.';
COMMENT ON COLUMN engine.leaf.salt IS 'Sixteen random bytes, so that a hash alone cannot be guessed back to a notice. Null once erased: the hash stays, and with it every proof.';
COMMENT ON COLUMN engine.leaf.erased_at IS 'When the salt was erased; the public feed takes it over.';
CREATE INDEX leaf_erased ON engine.leaf (province, erased_at, n) WHERE erased_at IS NOT NULL;
COMMENT ON INDEX engine.leaf_erased IS 'The erasures that the public feed has not taken over yet.';
COMMENT ON COLUMN engine.leaf.dossier IS
    'Whose notice it is, with number; both null in a heads leaf, once a day, whose body stands in heads (R19).';
COMMENT ON COLUMN engine.leaf.hash IS
    'sha256(00 || salt || sha256(notice.body) || notice.head): the RFC 6962 leaf hash of the entry salt || sha256(notice.body) || notice.head; of a heads leaf, sha256(00 || salt || sha256(heads.body) || 32 zeros).';

CREATE TABLE engine.heads (
    province smallint NOT NULL,
    day date NOT NULL,
    n bigint NOT NULL,
    read_at timestamptz NOT NULL,
    body bytea NOT NULL,
    CONSTRAINT heads_key PRIMARY KEY (province, day),
    CONSTRAINT heads_n UNIQUE (province, n)
);
COMMENT ON TABLE engine.heads IS
    'Chain heads that moved without a notice, committed to by one leaf a day: whoever cuts the tail of a dossier''s log afterwards lacks an event whose hash stands here (R19).';
COMMENT ON COLUMN engine.heads.day IS 'The last day in Viet Nam that it covers.';
COMMENT ON COLUMN engine.heads.n IS 'Its leaf.';
COMMENT ON COLUMN engine.heads.read_at IS 'When the heads were read; the next day begins there.';
COMMENT ON COLUMN engine.heads.body IS
    'Entries of 48 bytes in the order of dossiers: its identity (16), and the hash of the last event that it then had (32).';
