-- What is sent to others: webhooks and the national portal. Every receiver is a cursor over the sequenced notices of
-- each province (engine.md, R6); what it refuses while it takes other things is set aside in one table, and there it
-- ends as a dead letter. Unlike the rest of this schema these tables are no cache: they belong into the backup. After a
-- restore a receiver gets again, under the same ids, what it got since.

-- Every reader of notices follows their order in the province.
CREATE INDEX IF NOT EXISTS notice_n ON feed.notice (province, n);

-- One row a receiver.
CREATE TABLE feed.subscriber (
    id text COLLATE "C" PRIMARY KEY CONSTRAINT subscriber_id CHECK (id ~ '^[a-z0-9-]{1,60}$'),
    kind text NOT NULL CONSTRAINT subscriber_kind CHECK (kind IN ('webhook', 'portal')),
    url text NOT NULL,
    -- Which addresses may be called: only public ones by https, only this machine (tests), or the network inside.
    reach text NOT NULL CONSTRAINT subscriber_reach CHECK (reach IN ('internet', 'loopback', 'inside')),
    -- What it wants; an empty list means all.
    provinces smallint[] NOT NULL,
    agencies text[] NOT NULL,
    procedures text[] NOT NULL,
    -- Of the portal alone: its account and identifiers, without the password.
    settings jsonb,
    state text NOT NULL CONSTRAINT subscriber_state CHECK (state IN ('active', 'paused', 'disabled')),
    -- Why it is not active, in English, for the administrator.
    reason text,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- Rounds in a row in which it took nothing, since when, and what it said last.
    failures integer NOT NULL DEFAULT 0 CONSTRAINT subscriber_failures CHECK (failures >= 0),
    failing_since timestamptz,
    last_failure text,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    delivered_at timestamptz,
    -- Who works on it now: of several processes only one, so that the order holds.
    lease_owner text,
    leased_until timestamptz,
    -- Of the portal alone: when it is next compared.
    reconcile_at timestamptz
) WITH (fillfactor = 50);

-- Signing secrets and passwords, sealed with the feed's delivery key, which is not in the database. While a secret is
-- being replaced there are two, and both sign until the older one expires.
CREATE TABLE feed.subscriber_secret (
    subscriber text COLLATE "C" NOT NULL,
    number integer NOT NULL CONSTRAINT subscriber_secret_number CHECK (number >= 1),
    sealed bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    PRIMARY KEY (subscriber, number)
);

-- The next notice that each receiver is to get of each province.
CREATE TABLE feed.delivery_cursor (
    subscriber text COLLATE "C" NOT NULL,
    province smallint NOT NULL,
    next_n bigint NOT NULL CONSTRAINT delivery_cursor_next_n CHECK (next_n >= 0),
    PRIMARY KEY (subscriber, province)
) WITH (fillfactor = 50);

-- What was refused, and what waits behind it because it is of the same dossier. `dead_at`: no more tries, a person
-- decides.
CREATE TABLE feed.letter (
    subscriber text COLLATE "C" NOT NULL,
    province smallint NOT NULL,
    n bigint NOT NULL,
    dossier uuid NOT NULL,
    number integer NOT NULL,
    attempts integer NOT NULL CONSTRAINT letter_attempts CHECK (attempts >= 0),
    next_attempt_at timestamptz NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp(),
    last_failure text,
    dead_at timestamptz,
    PRIMARY KEY (subscriber, province, n)
);
-- The first letter of each dossier, which alone may be tried.
CREATE INDEX letter_dossier ON feed.letter (subscriber, province, dossier, n);

-- How far the portal follows each dossier.
CREATE TABLE feed.portal_dossier (
    subscriber text COLLATE "C" NOT NULL,
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    legal_code text COLLATE "C" NOT NULL,
    -- The notice that was sent last, and the last one that the portal acknowledged; 0: none.
    sent integer NOT NULL,
    acknowledged integer NOT NULL,
    state text NOT NULL CONSTRAINT portal_dossier_state CHECK (state IN ('sent', 'acknowledged', 'refused')),
    -- The portal's code and words of a refusal.
    code text,
    message text,
    -- sha256 of the record that the portal acknowledged, to see whether it must be sent again.
    record bytea,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- The daily comparison: when it was made, and what differed then; NULL: nothing.
    checked_at timestamptz,
    difference text,
    PRIMARY KEY (subscriber, province, dossier)
) WITH (fillfactor = 70);
CREATE INDEX portal_dossier_changed ON feed.portal_dossier (subscriber, changed_at);
CREATE INDEX portal_dossier_differing ON feed.portal_dossier (subscriber) WHERE difference IS NOT NULL;

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON
            feed.subscriber, feed.subscriber_secret, feed.delivery_cursor, feed.letter, feed.portal_dossier
            TO motcua_feed;
    END IF;
END
$$;
