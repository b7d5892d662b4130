-- The engine's schema: its checks, and the tables that are the same for every province.
--
-- Rules of all tables here:
--   * `province` leads every key and index of what belongs to a province: Citus distributes by it, row-level security
--     isolates by it. The tables of this file belong to none; with Citus they are reference tables.
--   * No foreign key and no trigger: a foreign key would take a share lock on the dossier's row for each message sent
--     to it, and two dossiers that write to each other would deadlock. The engine's statements keep rows together.
--   * Key columns are COLLATE "C": compared as bytes, the same on every machine and after every upgrade of libc.
--   * Times come from the engine as parameters, except where a column says that it is the database's own.

CREATE SCHEMA engine;
COMMENT ON SCHEMA engine IS 'Dossiers and everything that moves them. Nothing here is public but what notice and leaf hold.';

-- Row counts are checked inside the transaction, in the same group of messages as COMMIT: an error here makes the
-- server skip everything behind it, COMMIT included.
CREATE FUNCTION engine.expect(actual bigint, expected bigint, what text) RETURNS bigint
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog
AS $$
BEGIN
    IF actual IS DISTINCT FROM expected THEN
        RAISE EXCEPTION '%: % rows where % were expected', what, actual, expected
            USING ERRCODE = CASE what
                WHEN 'stale' THEN 'MC001'
                WHEN 'twin' THEN 'MC002'
                WHEN 'collision' THEN 'MC003'
                ELSE 'MC000'
            END;
    END IF;
    RETURN actual;
END
$$;
COMMENT ON FUNCTION engine.expect(bigint, bigint, text) IS
    'Raises SQLSTATE class MC unless actual = expected: MC001 stale (a sequence moved), MC002 twin (an answer key was
     stored by another transaction), MC003 collision (an identity or code is taken), MC000 anything else.';

CREATE TABLE engine.procedure_version (
    name text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    code text COLLATE "C",
    effective_from date NOT NULL,
    effective_until date,
    source bytea NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT procedure_version_key PRIMARY KEY (name, version),
    CONSTRAINT procedure_version_positive CHECK (version >= 1),
    CONSTRAINT procedure_version_name_length CHECK (octet_length(name) BETWEEN 1 AND 255),
    CONSTRAINT procedure_version_dates CHECK (effective_until IS NULL OR effective_until >= effective_from)
);
COMMENT ON TABLE engine.procedure_version IS
    'Published versions of procedures, each the exact file that was loaded. A row never changes: dossiers are pinned to it.';
COMMENT ON COLUMN engine.procedure_version.code IS 'The code in the national list; null for procedures that are only linked.';
COMMENT ON COLUMN engine.procedure_version.effective_until IS 'The last day in force; null while no end is known.';

CREATE TABLE engine.workflow_file (
    kind text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    content_hash text COLLATE "C" NOT NULL,
    source bytea NOT NULL,
    current boolean NOT NULL,
    loaded_at timestamptz NOT NULL,
    loaded_by text NOT NULL,
    CONSTRAINT workflow_file_key PRIMARY KEY (kind, name, content_hash),
    CONSTRAINT workflow_file_kind CHECK (kind IN ('calendar', 'agencies')),
    CONSTRAINT workflow_file_name_length CHECK (octet_length(name) BETWEEN 1 AND 255)
);
CREATE UNIQUE INDEX workflow_file_current ON engine.workflow_file (kind, name) WHERE current;
COMMENT ON TABLE engine.workflow_file IS
    'Calendars and directories of agencies by content hash. Old ones stay: events name the calendar that was computed with.';
COMMENT ON INDEX engine.workflow_file_current IS 'At most one current file of a kind and name.';

CREATE TABLE engine.client (
    id text COLLATE "C" NOT NULL,
    province smallint NOT NULL,
    agency text COLLATE "C",
    name text NOT NULL,
    roles text[] NOT NULL,
    scopes text[] NOT NULL,
    connector text COLLATE "C",
    secret_hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    CONSTRAINT client_key PRIMARY KEY (id),
    CONSTRAINT client_id_length CHECK (octet_length(id) BETWEEN 1 AND 255),
    CONSTRAINT client_province CHECK (province > 0),
    CONSTRAINT client_secret_hash_length CHECK (octet_length(secret_hash) BETWEEN 16 AND 128)
);
COMMENT ON TABLE engine.client IS
    'Programs that may call the API: one-stop centres, agencies'' systems, adapters. Found before the province is known, so the key has none.';
COMMENT ON COLUMN engine.client.agency IS 'The agency it speaks for; null for adapters and administrators.';
COMMENT ON COLUMN engine.client.connector IS 'The outside system whose calls it takes; null for clients of people.';

CREATE TABLE engine.installation (
    single boolean NOT NULL DEFAULT true,
    key_identity text COLLATE "C" NOT NULL,
    key_version integer NOT NULL,
    key_version_since timestamptz NOT NULL DEFAULT now(),
    rewrapped_version integer NOT NULL,
    CONSTRAINT installation_key PRIMARY KEY (single),
    CONSTRAINT installation_single CHECK (single),
    CONSTRAINT installation_versions CHECK (rewrapped_version BETWEEN 1 AND key_version)
);
COMMENT ON TABLE engine.installation IS
    'One row: which key file the database was sealed under. An engine with another one does not start.';
COMMENT ON COLUMN engine.installation.key_version IS
    'The version of the key file under which data keys are wrapped: raised by an administrator once every server has it.';
COMMENT ON COLUMN engine.installation.key_version_since IS 'The database''s own clock: servers take up a new version some seconds later.';
COMMENT ON COLUMN engine.installation.rewrapped_version IS 'No data key is wrapped under an older version than this one any more.';
