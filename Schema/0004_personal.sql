-- Personal values: always sealed, always apart, and every reading recorded.

CREATE TABLE engine.data_key (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    wrapped bytea NOT NULL,
    CONSTRAINT data_key_key PRIMARY KEY (province, dossier)
);
COMMENT ON TABLE engine.data_key IS
    'The key of a dossier''s sealed values, itself wrapped under the installation''s. Deleting the row erases the values for good, backups aside.';

CREATE TABLE engine.sealed (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    section text COLLATE "C" NOT NULL,
    ciphertext bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT sealed_key PRIMARY KEY (province, dossier, section),
    CONSTRAINT sealed_section_length CHECK (octet_length(section) BETWEEN 1 AND 255)
);
COMMENT ON TABLE engine.sealed IS 'Sealed sections of a dossier: the form, notes, results. Events refer to them by section and commitment.';

CREATE TABLE engine.access (
    province smallint NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    client text COLLATE "C" NOT NULL,
    officer text COLLATE "C",
    dossiers uuid[] NOT NULL,
    sections text[] NOT NULL,
    purpose text NOT NULL,
    CONSTRAINT access_key PRIMARY KEY (province, id),
    CONSTRAINT access_dossiers CHECK (cardinality(dossiers) >= 1)
);
COMMENT ON TABLE engine.access IS
    'Who read which personal values: one row a request, committed before the plaintext leaves. Append-only: the engine''s role can neither change nor delete it.';
CREATE INDEX access_by_time ON engine.access (province, at);
COMMENT ON INDEX engine.access_by_time IS 'The register of a period, for the data protection officer.';

CREATE TABLE engine.access_dossier (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    access bigint NOT NULL,
    CONSTRAINT access_dossier_key PRIMARY KEY (province, dossier, access)
);
COMMENT ON TABLE engine.access_dossier IS 'Which rows of access name a dossier: who read of it, for its auditors. Written with them, and append-only too.';

CREATE TABLE engine.document (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    number bigint NOT NULL,
    name text NOT NULL,
    kind text COLLATE "C" NOT NULL,
    media_type text COLLATE "C" NOT NULL,
    size bigint NOT NULL,
    address bytea NOT NULL,
    created_at timestamptz NOT NULL,
    created_by text COLLATE "C" NOT NULL,
    CONSTRAINT document_key PRIMARY KEY (province, dossier, number),
    CONSTRAINT document_number CHECK (number >= 1),
    CONSTRAINT document_size CHECK (size >= 0)
);
COMMENT ON TABLE engine.document IS 'Papers of a dossier, numbered from 1.';
COMMENT ON COLUMN engine.document.name IS 'The name of the rule that asks for it, never the name of the person''s file.';
COMMENT ON COLUMN engine.document.address IS 'Keyed hash of the content: finds it, tells nothing of it.';

CREATE TABLE engine.document_content (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    address bytea NOT NULL,
    ciphertext bytea NOT NULL,
    CONSTRAINT document_content_key PRIMARY KEY (province, dossier, address),
    CONSTRAINT document_content_address_length CHECK (octet_length(address) BETWEEN 16 AND 64)
);
-- Ciphertext does not compress: trying would only cost time.
ALTER TABLE engine.document_content ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
ALTER TABLE engine.sealed ALTER COLUMN ciphertext SET STORAGE EXTERNAL;
COMMENT ON TABLE engine.document_content IS 'The sealed content of documents, once a dossier and address.';
