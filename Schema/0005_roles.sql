-- Who may do what, and the second wall between provinces.
--
-- motcua_engine runs the engine, motcua_feed the public side. Both are made without a password: where the server asks
-- for one they cannot log in until `ALTER ROLE … PASSWORD` gave it. A DBA may make them beforehand; then they keep what
-- was set for them, and get the settings below that were not. Neither owns anything: the migrations run as the owner, who
-- may be any role with CREATEROLE.
--
-- The wall: a transaction of motcua_engine sees and writes only the province named by `SET LOCAL motcua.province`.
-- It is not forced on the owner: migrations must see all rows, and a superuser passes every wall anyway. So the engine
-- must connect as motcua_engine, also on the embedded server (user=motcua_engine); as the owner it works without it.

DO $$
DECLARE
    wanted text;
    setting text;
    value text;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['motcua_engine', 'motcua_feed'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', wanted);
            EXCEPTION
                -- Another database of this server makes them at the same moment, with their settings.
                WHEN duplicate_object OR unique_violation THEN CONTINUE;
                WHEN insufficient_privilege THEN
                    RAISE EXCEPTION 'the role % does not exist and may not be made by %', wanted, current_user
                        USING HINT = format('Let an administrator run: CREATE ROLE %I LOGIN;', wanted);
            END;
        END IF;
        FOR setting, value IN SELECT * FROM (VALUES
            -- For PgBouncer in transaction mode, where a session cannot set them; the first three are checked at connect.
            ('statement_timeout', '10s'), ('lock_timeout', '3s'), ('idle_in_transaction_session_timeout', '5s'),
            ('client_connection_check_interval', '2s'), ('client_min_messages', 'warning'), ('timezone', 'UTC'),
            -- Every statement reaches its rows by an index. A plan made while a table was nearly empty is kept when the
            -- table has grown, and must not be one that reads it whole.
            ('enable_seqscan', 'off'), ('enable_hashjoin', 'off'), ('enable_mergejoin', 'off'),
            -- A reply that says "done" is the product.
            ('synchronous_commit', 'on')) AS s
        LOOP
            CONTINUE WHEN EXISTS (
                SELECT FROM pg_roles, unnest(rolconfig) AS set
                WHERE rolname = wanted AND lower(split_part(set, '=', 1)) = setting);
            BEGIN
                EXECUTE format('ALTER ROLE %I SET %I = %L', wanted, setting, value);
            EXCEPTION WHEN insufficient_privilege THEN
                RAISE WARNING 'let an administrator run: ALTER ROLE % SET % = %', wanted, setting, quote_literal(value);
            END;
        END LOOP;
    END LOOP;
END
$$;

REVOKE ALL ON SCHEMA engine FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA engine FROM PUBLIC;

-- A server that does not know the owner's password sees whether the schema is the one it was built for.
GRANT SELECT ON public.schema_migration TO motcua_engine;

GRANT USAGE ON SCHEMA engine TO motcua_engine;
GRANT EXECUTE ON FUNCTION engine.expect(bigint, bigint, text), engine.ensure_event_month(date) TO motcua_engine;

-- Changes and disappears.
GRANT SELECT, INSERT, UPDATE, DELETE ON
    engine.task, engine.agenda, engine.outgoing, engine.stuck, engine.answer, engine.notice_queue, engine.data_key,
    engine.sealed, engine.document, engine.document_content
    TO motcua_engine;
-- Moves between dossier and dossier_closed by the functions below alone: the engine's role can delete no dossier.
GRANT SELECT ON engine.dossier_closed, engine.any_dossier TO motcua_engine;
-- Changes, stays.
GRANT SELECT, INSERT, UPDATE ON
    engine.dossier, engine.counter, engine.sequencer, engine.workflow_file, engine.client, engine.installation
    TO motcua_engine;
-- Is only added to. The months of event are reached through event alone.
GRANT SELECT, INSERT ON
    engine.event, engine.dossier_code, engine.dossier_agency, engine.notice, engine.leaf, engine.heads, engine.access,
    engine.access_dossier, engine.procedure_version
    TO motcua_engine;

-- Of a leaf the salt alone can go, so that nobody can tell any more what it said; its hash stays for ever.
GRANT UPDATE (salt, erased_at) ON engine.leaf TO motcua_engine;

GRANT USAGE ON SCHEMA engine TO motcua_feed;
GRANT SELECT ON engine.notice, engine.leaf TO motcua_feed;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'dossier', 'dossier_closed', 'dossier_code', 'dossier_agency', 'event', 'task', 'agenda', 'outgoing', 'stuck',
        'counter', 'answer', 'notice', 'notice_queue', 'sequencer', 'leaf', 'heads', 'data_key', 'sealed', 'access',
        'access_dossier', 'document', 'document_content'
    ] LOOP
        EXECUTE format('ALTER TABLE engine.%I ENABLE ROW LEVEL SECURITY', name);
        -- Without a province the setting is null or empty, and no row is seen.
        EXECUTE format(
            'CREATE POLICY province ON engine.%I TO motcua_engine
             USING (province = nullif(current_setting(''motcua.province'', true), '''')::smallint)', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY['notice', 'leaf'] LOOP
        EXECUTE format('CREATE POLICY public_side ON engine.%I FOR SELECT TO motcua_feed USING (true)', name);
    END LOOP;
END
$$;

-- The unlocked questions that pollers ask about all provinces at once. They tell numbers of provinces and nothing else,
-- so they may look over the wall with the owner's rights.
CREATE FUNCTION engine.provinces_due(until timestamptz) RETURNS SETOF smallint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT s.province
    FROM engine.sequencer s
    WHERE EXISTS (SELECT FROM engine.agenda a WHERE a.province = s.province AND a.key > '' AND a.due_at <= until)
    ORDER BY s.province
$$;
COMMENT ON FUNCTION engine.provinces_due(timestamptz) IS 'Provinces whose agenda has something due.';

CREATE FUNCTION engine.provinces_queued() RETURNS SETOF smallint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT s.province
    FROM engine.sequencer s
    WHERE EXISTS (SELECT FROM engine.notice_queue q WHERE q.province = s.province)
    ORDER BY s.province
$$;
COMMENT ON FUNCTION engine.provinces_queued() IS 'Provinces with notices that have no leaf yet.';

CREATE FUNCTION engine.provinces_outgoing() RETURNS SETOF smallint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT s.province
    FROM engine.sequencer s
    WHERE EXISTS (SELECT FROM engine.outgoing o WHERE o.province = s.province)
    ORDER BY s.province
$$;
COMMENT ON FUNCTION engine.provinces_outgoing() IS 'Provinces with messages for other provinces.';

CREATE FUNCTION engine.provinces_known() RETURNS SETOF smallint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    SELECT s.province FROM engine.sequencer s ORDER BY s.province
$$;
COMMENT ON FUNCTION engine.provinces_known() IS 'Provinces that have, or had, a dossier or message.';

REVOKE ALL ON FUNCTION
    engine.provinces_due(timestamptz), engine.provinces_queued(), engine.provinces_outgoing(), engine.provinces_known()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    engine.provinces_due(timestamptz), engine.provinces_queued(), engine.provinces_outgoing(), engine.provinces_known()
    TO motcua_engine;

-- Closed dossiers. Both functions keep to the province that the transaction has named, as the wall would.
CREATE FUNCTION engine.close_dossiers(
    months date[], dossiers uuid[], sequences bigint[], before timestamptz
) RETURNS SETOF uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH here AS MATERIALIZED (
        SELECT nullif(current_setting('motcua.province', true), '')::smallint AS province
    ), old AS MATERIALIZED (
        SELECT d.province, d.id
        FROM here h
        CROSS JOIN unnest(months, dossiers, sequences) AS w (received, dossier, sequence)
        JOIN engine.event e
            ON e.province = h.province AND e.received = w.received AND e.dossier = w.dossier AND e.sequence = w.sequence
        JOIN engine.dossier d ON d.province = h.province AND d.id = w.dossier AND d.sequence = w.sequence
        WHERE d.phase = 2 AND e.recorded_at < before
            AND NOT EXISTS (SELECT FROM engine.agenda a WHERE a.province = h.province AND a.dossier = w.dossier)
        FOR UPDATE OF d SKIP LOCKED
    ), moved AS (
        DELETE FROM engine.dossier d
        USING old o
        WHERE d.province = o.province AND d.id = o.id
        RETURNING d.*
    )
    INSERT INTO engine.dossier_closed
    SELECT * FROM moved
    RETURNING id
$$;
COMMENT ON FUNCTION engine.close_dossiers(date[], uuid[], bigint[], timestamptz) IS
    'Moves those that have ended, whose last event is older than an instant, and on whose agenda nothing stands. A row that a
     command holds is left for another night; one that has moved on since it was seen is not taken.';

CREATE FUNCTION engine.reopen_dossiers(dossiers uuid[]) RETURNS SETOF uuid
    LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog
AS $$
    WITH back AS (
        DELETE FROM engine.dossier_closed d
        WHERE d.province = nullif(current_setting('motcua.province', true), '')::smallint AND d.id = ANY (dossiers)
        RETURNING d.*
    )
    INSERT INTO engine.dossier
    SELECT * FROM back
    RETURNING id
$$;
COMMENT ON FUNCTION engine.reopen_dossiers(uuid[]) IS
    'Brings closed dossiers back among the open ones, for a command; waits for whoever brings one back at this moment.';

REVOKE ALL ON FUNCTION
    engine.close_dossiers(date[], uuid[], bigint[], timestamptz), engine.reopen_dossiers(uuid[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    engine.close_dossiers(date[], uuid[], bigint[], timestamptz), engine.reopen_dossiers(uuid[])
    TO motcua_engine;
