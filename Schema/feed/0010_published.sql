-- What it takes to compute again all that is published, from the leaves alone (`motcua verify`).

-- A notice that was set aside takes effect where the cursor stood when it was read again, not at its own leaf: so far the
-- public streams and the counters had gone on without it. NULL: not read yet.
ALTER TABLE feed.unread ADD COLUMN read_n bigint;
CREATE INDEX unread_open ON feed.unread (province) WHERE read_n IS NULL;

-- Where a province's counters were counted anew by other rules: what was published before was counted by the old ones.
CREATE TABLE feed.statistic_recount (
    province smallint NOT NULL,
    -- The cursor's next leaf at that time.
    n bigint NOT NULL,
    rules_before integer NOT NULL,
    rules integer NOT NULL,
    -- The legal day under which the differences in published months were noted as corrections.
    dated date NOT NULL,
    PRIMARY KEY (province, n, rules)
);

-- The field of each procedure as it was when the month was published: what is held back depends on it. NULL: not kept.
ALTER TABLE feed.statistic_month
    ADD COLUMN procedures text[],
    ADD COLUMN fields text[],
    ADD CONSTRAINT statistic_month_fields CHECK (cardinality(procedures) = cardinality(fields));

-- What was signed of each counted month of ratings: nothing else could tell that its counts were changed, as the choices
-- that they count are forgotten.
CREATE TABLE feed.satisfaction_note (
    province smallint NOT NULL,
    month date NOT NULL,
    -- In the order in which they were signed, from 1.
    number integer NOT NULL,
    -- A C2SP signed note with the log's key; each says the hash of the one before.
    note text COLLATE "C" NOT NULL,
    PRIMARY KEY (province, month),
    UNIQUE (province, number)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON feed.statistic_recount, feed.satisfaction_note TO motcua_feed;
    END IF;
END
$$;
