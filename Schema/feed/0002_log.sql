-- The transparency log: every leaf of a province in an append-only Merkle tree (RFC 6962), kept as tiles (C2SP
-- tlog-tiles), and the checkpoints that were signed. Appended in the transaction that records the notices; whatever is
-- here can be made again from the engine's leaves, except checkpoints and cosignatures, which others may hold.

-- What opens a notice's leaf. Erased together: then the leaf stands in every proof, and nobody can tell what it said.
ALTER TABLE feed.notice
    ADD COLUMN salt bytea CONSTRAINT notice_salt_length CHECK (octet_length(salt) = 16),
    ADD COLUMN head bytea CONSTRAINT notice_head_length CHECK (octet_length(head) = 32),
    ADD CONSTRAINT notice_opening CHECK ((salt IS NULL) = (head IS NULL));

-- The right edge of each tree: all that is needed to append and to tell the root.
CREATE TABLE feed.log_tree (
    province smallint PRIMARY KEY,
    -- How many leaves are in the tiles; the cursor's next_n, unless one of the two was tampered with or is rebuilt.
    size bigint NOT NULL CONSTRAINT log_tree_size CHECK (size >= 0),
    -- The hashes of the perfect subtrees that the leaves fall into, the largest first, 32 bytes each.
    peaks bytea NOT NULL CONSTRAINT log_tree_peaks CHECK (octet_length(peaks) % 32 = 0),
    -- The verifier key that signs this tree; NULL before the first signature. Another key is refused.
    signer text COLLATE "C",
    -- How far the erasures of salts have been taken over from the engine.
    erased_until timestamptz
) WITH (fillfactor = 50);

-- Up to 256 hashes of one height: level 0 holds leaf hashes, each level above the roots of full tiles below.
CREATE TABLE feed.log_tile (
    province smallint NOT NULL,
    level smallint NOT NULL CONSTRAINT log_tile_level CHECK (level BETWEEN 0 AND 7),
    tile bigint NOT NULL CONSTRAINT log_tile_tile CHECK (tile >= 0),
    hashes bytea NOT NULL
        CONSTRAINT log_tile_hashes CHECK (octet_length(hashes) % 32 = 0 AND octet_length(hashes) BETWEEN 32 AND 8192),
    PRIMARY KEY (province, level, tile)
);
-- Hashes do not compress.
ALTER TABLE feed.log_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- What was signed. Those of the last days are kept for witnesses, the cosigned ones for ever.
CREATE TABLE feed.log_checkpoint (
    province smallint NOT NULL,
    size bigint NOT NULL CONSTRAINT log_checkpoint_size CHECK (size >= 0),
    -- The note with the log's own signature, as it was signed (C2SP signed-note).
    note text COLLATE "C" NOT NULL,
    signed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (province, size)
);

-- Signature lines of witnesses under a checkpoint (C2SP tlog-cosignature), each verified before it came here.
CREATE TABLE feed.log_cosignature (
    province smallint NOT NULL,
    size bigint NOT NULL,
    witness text COLLATE "C" NOT NULL,
    line text COLLATE "C" NOT NULL,
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (province, size, witness)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA feed TO motcua_feed;
    END IF;
END
$$;
