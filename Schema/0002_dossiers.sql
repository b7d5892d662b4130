-- Dossiers, their log, and the open work that they keep.

CREATE TABLE engine.dossier (
    province smallint NOT NULL,
    id uuid NOT NULL,
    sequence bigint NOT NULL,
    fold smallint NOT NULL,
    phase smallint NOT NULL,
    status smallint NOT NULL,
    procedure_version integer NOT NULL,
    channel smallint NOT NULL,
    submitted_at timestamptz NOT NULL,
    root uuid NOT NULL,
    parent uuid,
    procedure text COLLATE "C" NOT NULL,
    centre text COLLATE "C" NOT NULL,
    agency text COLLATE "C" NOT NULL,
    look_up text COLLATE "C",
    code text COLLATE "C",
    client text COLLATE "C",
    client_reference text COLLATE "C",
    head bytea NOT NULL,
    state bytea NOT NULL,
    CONSTRAINT dossier_key PRIMARY KEY (province, id),
    CONSTRAINT dossier_province CHECK (province > 0),
    CONSTRAINT dossier_sequence CHECK (sequence >= 1),
    CONSTRAINT dossier_phase CHECK (phase IN (0, 1, 2)),
    CONSTRAINT dossier_status CHECK (status BETWEEN 1 AND 10),
    CONSTRAINT dossier_head_length CHECK (octet_length(head) = 32),
    CONSTRAINT dossier_look_up_length CHECK (octet_length(look_up) = 12),
    CONSTRAINT dossier_client_reference_length CHECK (octet_length(client_reference) BETWEEN 1 AND 255)
) WITH (
    -- Room for the next version of a row on the same page. Every index stands on columns that never change, and no
    -- index has a predicate on one that does, so each step is a HOT update.
    fillfactor = 60,
    -- A state between 2 and 4 kB stays in its row instead of going to TOAST, which cuts updates to a third.
    toast_tuple_target = 4080,
    autovacuum_vacuum_scale_factor = 0.02,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.05
);
COMMENT ON TABLE engine.dossier IS
    'One row a dossier: its whole state, decided on under this row''s lock alone, and constants by which it is found.';
COMMENT ON COLUMN engine.dossier.sequence IS 'Number of the last event; every update checks that it is still the one that was decided on.';
COMMENT ON COLUMN engine.dossier.fold IS 'Number of the fold that wrote the state; an older one is folded again from the events.';
COMMENT ON COLUMN engine.dossier.phase IS '0 running, 1 stopping, 2 ended.';
COMMENT ON COLUMN engine.dossier.status IS 'The national status, 1 to 10.';
COMMENT ON COLUMN engine.dossier.channel IS '1 at the desk, 2 online, 3 by post.';
COMMENT ON COLUMN engine.dossier.root IS 'The first of the family; the dossier itself when it was submitted.';
COMMENT ON COLUMN engine.dossier.parent IS 'Who linked it, perhaps in another province; null when it was submitted.';
COMMENT ON COLUMN engine.dossier.look_up IS 'The secret code of the citizen, twelve symbols; null for linked dossiers, which are shown on their root''s page.';
COMMENT ON COLUMN engine.dossier.code IS 'The legal code, set once. Not indexed: dossier_code finds it, so that this update stays HOT.';
COMMENT ON COLUMN engine.dossier.client IS 'Through which client it was submitted; null for linked dossiers.';
COMMENT ON COLUMN engine.dossier.head IS 'Hash of the last event: the end of the dossier''s chain.';
COMMENT ON COLUMN engine.dossier.state IS 'The fold of the events; nothing personal.';

-- Indexes that serve one question alone have a predicate that always holds, and only their own question names it. A plan
-- made while a table is nearly empty finds all indexes alike, since all begin with the province, and is kept when the
-- table has grown: so statements that go by the primary key must not see the others at all.
CREATE INDEX dossier_by_centre ON engine.dossier (province, centre, id) WHERE channel > 0;
COMMENT ON INDEX engine.dossier_by_centre IS 'A centre''s list, newest first: identities sort by time.';
CREATE INDEX dossier_by_agency ON engine.dossier (province, agency, id) WHERE channel > 0;
COMMENT ON INDEX engine.dossier_by_agency IS 'The same for the agency that answers for the dossier.';
CREATE UNIQUE INDEX dossier_look_up ON engine.dossier (province, look_up) WHERE look_up IS NOT NULL;
COMMENT ON INDEX engine.dossier_look_up IS 'A look-up code leads to one dossier.';
CREATE UNIQUE INDEX dossier_client_reference ON engine.dossier (province, client, client_reference)
    WHERE client_reference IS NOT NULL;
COMMENT ON INDEX engine.dossier_client_reference IS 'A client''s own reference makes one dossier, also without its idempotency key.';

-- Ended dossiers, out of the way of the open ones: 30 days after the end the row moves here, and a command for it brings
-- it back under its lock (R23). Events, notices and sealed values stay where they are.
CREATE TABLE engine.dossier_closed (LIKE engine.dossier INCLUDING ALL);
COMMENT ON TABLE engine.dossier_closed IS
    'Rows of dossiers that ended 30 days ago with nothing left on their agenda; each is here or in dossier, never in both.';

CREATE VIEW engine.any_dossier WITH (security_invoker = true) AS
    SELECT * FROM engine.dossier
    UNION ALL
    SELECT * FROM engine.dossier_closed;
COMMENT ON VIEW engine.any_dossier IS 'What look-ups and lists read: open and closed. Behind the same wall as both tables.';

CREATE TABLE engine.dossier_agency (
    province smallint NOT NULL,
    agency text COLLATE "C" NOT NULL,
    dossier uuid NOT NULL,
    CONSTRAINT dossier_agency_key PRIMARY KEY (province, agency, dossier)
);
COMMENT ON TABLE engine.dossier_agency IS
    'Agencies that have or had a step in a dossier of which they are neither centre nor agency; its key is their list, newest first.';

CREATE TABLE engine.dossier_code (
    province smallint NOT NULL,
    code text COLLATE "C" NOT NULL,
    dossier uuid NOT NULL,
    CONSTRAINT dossier_code_key PRIMARY KEY (province, code),
    CONSTRAINT dossier_code_length CHECK (octet_length(code) BETWEEN 1 AND 255)
);
COMMENT ON TABLE engine.dossier_code IS
    'Legal codes, each given once. Apart from dossier, whose index on a column that is set later would cost every row its HOT update.';

CREATE TABLE engine.event (
    province smallint NOT NULL,
    received date NOT NULL,
    dossier uuid NOT NULL,
    sequence bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    kind text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT event_key PRIMARY KEY (province, received, dossier, sequence),
    CONSTRAINT event_received CHECK (extract(day FROM received) = 1),
    CONSTRAINT event_sequence CHECK (sequence >= 1),
    CONSTRAINT event_hash_length CHECK (octet_length(hash) = 32)
) PARTITION BY RANGE (received);
COMMENT ON TABLE engine.event IS
    'The log: append-only, hash-chained, kept for decades. A month is dropped when its last dossier is past retention.';
COMMENT ON COLUMN engine.event.received IS 'First day of the month in which the dossier was received, which its identity tells: events never move.';
COMMENT ON COLUMN engine.event.recorded_at IS 'The time of the batch; order within a dossier comes from sequence.';
COMMENT ON COLUMN engine.event.body IS 'The exact bytes that were hashed.';
COMMENT ON COLUMN engine.event.hash IS 'SHA-256 of the previous event''s hash (32 zeros before the first) and body.';

-- Makes the partition of a month. CREATE … PARTITION OF would lock the whole log exclusively; a table made apart and
-- attached does not disturb those who write. The owner's rights, since the engine's role may not create tables.
CREATE FUNCTION engine.ensure_event_month(day date) RETURNS boolean
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog
AS $$
DECLARE
    first date := date_trunc('month', day::timestamp)::date;
    partition text := 'event_' || to_char(first, 'YYYY_MM');
BEGIN
    IF first NOT BETWEEN date '1990-01-01' AND date '2200-12-01' THEN
        RAISE EXCEPTION 'no events are kept for the month %', first USING ERRCODE = 'MC000';
    END IF;
    IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'engine'::regnamespace AND relname = partition) THEN
        RETURN false;
    END IF;
    -- One maker at a time. Whoever waited here looks again, by a query with a snapshot of its own: to_regclass would
    -- answer from this session's cache, which has not heard of the partition that the one before has made.
    PERFORM pg_advisory_xact_lock(hashtextextended('engine.ensure_event_month', 0));
    IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'engine'::regnamespace AND relname = partition) THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE engine.%I (LIKE engine.event INCLUDING ALL)', partition);
    EXECUTE format(
        'ALTER TABLE engine.event ATTACH PARTITION engine.%I FOR VALUES FROM (%L) TO (%L)',
        partition, first, (first + interval '1 month')::date);
    -- Rows are only added: what they need is freezing and a fresh visibility map, early and in small pieces.
    EXECUTE format(
        'ALTER TABLE engine.%I SET (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)',
        partition);
    RETURN true;
END
$$;
COMMENT ON FUNCTION engine.ensure_event_month(date) IS
    'Makes the partition of event for the month of a day; true when it was not there. May be called by many at once.';

CREATE TABLE engine.task (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    activation bigint NOT NULL,
    kind smallint NOT NULL,
    claims bigint NOT NULL,
    opened_at timestamptz NOT NULL,
    due_at timestamptz NOT NULL,
    not_before timestamptz,
    lease_until timestamptz,
    step text COLLATE "C" NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    agency text COLLATE "C" NOT NULL,
    role text COLLATE "C" NOT NULL,
    officer text COLLATE "C",
    CONSTRAINT task_key PRIMARY KEY (province, dossier, activation),
    CONSTRAINT task_kind CHECK (kind IN (1, 2, 3)),
    CONSTRAINT task_lease CHECK (lease_until IS NULL OR kind = 3)
) WITH (
    -- Claiming and leasing change officer, claims and lease_until, which no index holds.
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0
);
COMMENT ON TABLE engine.task IS
    'Open work only: tasks of officers (1), waits for the applicant (2), calls of outside systems (3). A closed one is deleted.';
COMMENT ON COLUMN engine.task.due_at IS 'infinity: no limit; never null, so that worklists page by it.';
COMMENT ON COLUMN engine.task.role IS 'Of a call: the connector.';
COMMENT ON COLUMN engine.task.not_before IS 'A call may be leased from then on.';
COMMENT ON COLUMN engine.task.lease_until IS 'A call is in the hands of an adapter until then.';

CREATE INDEX task_worklist ON engine.task (province, agency, role, due_at, dossier, activation) WHERE kind > 0;
COMMENT ON INDEX engine.task_worklist IS 'A worklist''s pages in order, one range a role.';
CREATE INDEX task_calls ON engine.task (province, role, not_before) WHERE kind = 3;
COMMENT ON INDEX engine.task_calls IS 'The calls of a connector that may be leased.';

CREATE TABLE engine.agenda (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    payload bytea,
    CONSTRAINT agenda_key PRIMARY KEY (province, dossier, key),
    CONSTRAINT agenda_key_length CHECK (octet_length(key) BETWEEN 1 AND 255)
) WITH (
    fillfactor = 80,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_analyze_scale_factor = 0.05,
    autovacuum_vacuum_cost_delay = 0
);
COMMENT ON TABLE engine.agenda IS
    'What comes to a dossier by itself: timers (key kind/activation) and messages (key m/sender/number). Read without locks, becomes a command that deletes the row.';
CREATE INDEX agenda_due ON engine.agenda (province, due_at) WHERE key > '';
COMMENT ON INDEX engine.agenda_due IS 'What is due, oldest first.';

CREATE TABLE engine.outgoing (
    province smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    target_province smallint NOT NULL,
    dossier uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    due_at timestamptz NOT NULL,
    payload bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT outgoing_key PRIMARY KEY (province, id),
    CONSTRAINT outgoing_elsewhere CHECK (target_province <> province AND target_province > 0),
    CONSTRAINT outgoing_key_length CHECK (octet_length(key) BETWEEN 1 AND 255)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE engine.outgoing IS
    'Messages to dossiers of another province, written in the sender''s transaction and relayed into the target''s agenda: no transaction spans two provinces.';
COMMENT ON COLUMN engine.outgoing.created_at IS 'The database''s own clock: how long it has been waiting.';

CREATE TABLE engine.stuck (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    key text COLLATE "C" NOT NULL,
    tries integer NOT NULL,
    error text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    retry_at timestamptz NOT NULL,
    CONSTRAINT stuck_key PRIMARY KEY (province, dossier, key),
    CONSTRAINT stuck_tries CHECK (tries >= 1)
);
COMMENT ON TABLE engine.stuck IS
    'Machine commands that failed, by agenda key, for a person to look at; after five tries the agenda passes over them until the row is deleted.';
COMMENT ON COLUMN engine.stuck.retry_at IS 'Until then the agenda passes over the row too. The agenda''s own due stays: a timer is told by it.';

CREATE TABLE engine.counter (
    province smallint NOT NULL,
    agency text COLLATE "C" NOT NULL,
    day date NOT NULL,
    last bigint NOT NULL,
    CONSTRAINT counter_key PRIMARY KEY (province, agency, day),
    CONSTRAINT counter_last CHECK (last >= 1)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, autovacuum_vacuum_cost_delay = 0);
COMMENT ON TABLE engine.counter IS 'The last number given to a legal code, by agency and day in Viet Nam; dense, since it is taken under this row''s lock.';

CREATE TABLE engine.answer (
    province smallint NOT NULL,
    client text COLLATE "C" NOT NULL,
    operation text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    fingerprint bytea NOT NULL,
    status smallint NOT NULL,
    content_type text COLLATE "C" NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL,
    sequence bigint,
    location text COLLATE "C",
    CONSTRAINT answer_key PRIMARY KEY (province, client, operation, key),
    CONSTRAINT answer_key_length CHECK (octet_length(key) BETWEEN 1 AND 255),
    CONSTRAINT answer_status CHECK (status BETWEEN 200 AND 599)
);
COMMENT ON TABLE engine.answer IS
    'Answers by idempotency key, stored whole in the transaction of their effect, kept 30 days. Not partitioned by time: a key must be found whenever it was used.';
COMMENT ON COLUMN engine.answer.fingerprint IS 'Keyed hash of the request: the same key with another request is refused.';
COMMENT ON COLUMN engine.answer.sequence IS 'The dossier''s last event when it was answered, sent as its tag; null where no dossier is answered.';
COMMENT ON COLUMN engine.answer.location IS 'Where what was made can be read; null where nothing was made.';
CREATE INDEX answer_age ON engine.answer (province, created_at) WHERE status > 0;
COMMENT ON INDEX engine.answer_age IS 'The oldest answers, for their removal in small batches.';
