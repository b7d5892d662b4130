-- The public feed's own tables: a cache of the engine's sequenced notices, which can be rebuilt from leaf 0.
-- May live in another database than the engine. Nothing here is personal (engine.md, R2), but the look-up codes
-- are secrets of their holders: they never go to logs.
CREATE SCHEMA feed;

-- How far the follower has come in each province's leaves. Changed in the transaction that records the notices.
CREATE TABLE feed.cursor (
    province smallint PRIMARY KEY,
    next_n bigint NOT NULL CONSTRAINT cursor_next_n CHECK (next_n >= 0),
    -- The engine's clock when last nothing was left to read; NULL before the first time.
    caught_up_at timestamptz
) WITH (fillfactor = 50);

-- Every notice once, as the exact bytes that the engine's leaf commits to.
CREATE TABLE feed.notice (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    number integer NOT NULL CONSTRAINT notice_number CHECK (number >= 1),
    n bigint NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (province, dossier, number)
);

-- One row a dossier: where its newest notice is. `number` 0 is a placeholder: a notice named it, none of its own came.
CREATE TABLE feed.dossier (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    root uuid NOT NULL,
    parent uuid,
    look_up text COLLATE "C",
    legal_code text COLLATE "C",
    number integer NOT NULL CONSTRAINT dossier_number CHECK (number >= 0),
    -- How many notices are here; less than `number` means a gap.
    taken integer NOT NULL CONSTRAINT dossier_taken CHECK (taken >= 0),
    PRIMARY KEY (province, dossier)
) WITH (fillfactor = 80);

-- Neither is unique: one wrong row must not stop the feed of a province. The reader shows nothing where two answer.
CREATE INDEX dossier_look_up ON feed.dossier (look_up) WHERE look_up IS NOT NULL;
CREATE INDEX dossier_legal_code ON feed.dossier (legal_code) WHERE legal_code IS NOT NULL;
-- The family of one root, for the page that shows all parts.
CREATE INDEX dossier_root ON feed.dossier (root);

-- Notices that this build cannot read: kept in feed.notice, tried again at the next start.
CREATE TABLE feed.unread (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    number integer NOT NULL,
    reason text NOT NULL,
    since timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (province, dossier, number)
);

-- In the engine's own database the feed connects as the role that may read notices and leaves and nothing else there.
DO $$
BEGIN
    REVOKE ALL ON SCHEMA feed FROM PUBLIC;
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT USAGE ON SCHEMA feed TO motcua_feed;
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA feed TO motcua_feed;
    END IF;
END
$$;
