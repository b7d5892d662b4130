-- What everybody may follow: legal code and degree of completion (TT 01/2018 art. 16.2.d), in the order of the
-- province's sequence, cut into pages that never change. Written by the follower with the notices, read by an index.

-- What was last told of a dossier, so that only a change of completion is told.
CREATE TABLE feed.completion (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    number integer NOT NULL CONSTRAINT completion_number CHECK (number >= 1),
    status smallint NOT NULL,
    stage text COLLATE "C" NOT NULL,
    PRIMARY KEY (province, dossier)
) WITH (fillfactor = 80);

-- Names no dossier: a stream must lead from a legal code to nothing else.
CREATE TABLE feed.entry (
    province smallint NOT NULL,
    n bigint NOT NULL,
    status smallint NOT NULL,
    at timestamptz NOT NULL,
    -- When it was sequenced; never earlier than the entry before it.
    told_at timestamptz NOT NULL,
    legal_code text COLLATE "C" NOT NULL,
    -- The agency that the legal code names, not the one that holds the dossier.
    agency text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    stage text COLLATE "C" NOT NULL,
    PRIMARY KEY (province, n)
);
CREATE INDEX entry_agency ON feed.entry (province, agency, n);
CREATE INDEX entry_procedure ON feed.entry (province, procedure, n);

-- The streams: kind 0 the whole province (key ''), 1 an agency, 2 a procedure.
CREATE TABLE feed.channel (
    province smallint NOT NULL,
    kind smallint NOT NULL CONSTRAINT channel_kind CHECK (kind BETWEEN 0 AND 2),
    key text COLLATE "C" NOT NULL,
    count bigint NOT NULL CONSTRAINT channel_count CHECK (count >= 1),
    told_at timestamptz NOT NULL,
    -- What to call it, as the newest notice that knows a name says; NULL before one does.
    name_vi text,
    name_en text,
    PRIMARY KEY (province, kind, key)
) WITH (fillfactor = 50);

-- Where each page of a stream begins: page p has the entries 50 p … 50 p + 49 of the stream, counted from 0.
CREATE TABLE feed.channel_page (
    province smallint NOT NULL,
    kind smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    page bigint NOT NULL CONSTRAINT channel_page_number CHECK (page >= 0),
    first_n bigint NOT NULL,
    PRIMARY KEY (province, kind, key, page)
);

-- Who follows live reads the notices in the province's order.
CREATE INDEX IF NOT EXISTS notice_n ON feed.notice (province, n);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON
            feed.completion, feed.entry, feed.channel, feed.channel_page TO motcua_feed;
    END IF;
END
$$;
