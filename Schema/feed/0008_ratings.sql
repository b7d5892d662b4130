-- How satisfied people were with how their dossier was settled, as they said on its page. No notice tells it: unlike most
-- of this schema these tables are no cache, they belong into the backup, and reading anew from leaf 0 leaves them alone.

-- One row a dossier that was rated. The choice stands here as long as it may be changed; once its month is counted it is
-- forgotten, and only that there was one stays: nobody can tell then what anybody chose (NĐ 61/2018 art. 27.3). Says
-- neither who rated nor from where, and nothing that a person typed.
CREATE TABLE feed.rating (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    -- The day of the first choice, which decides its month; a changed choice keeps it.
    given_on date NOT NULL,
    -- 1 dissatisfied … 4 very satisfied; NULL: counted.
    level smallint CONSTRAINT rating_level CHECK (level BETWEEN 1 AND 4),
    -- The agency that received the dossier, as statistics have it; forgotten with the choice.
    agency text COLLATE "C",
    PRIMARY KEY (province, dossier),
    CONSTRAINT rating_whole CHECK ((level IS NULL) = (agency IS NULL))
) WITH (fillfactor = 80);
CREATE INDEX rating_uncounted ON feed.rating (province, given_on) WHERE level IS NOT NULL;

-- What was counted of a month, once and for ever: a month without a rating has no row. `kind`: 0 the whole province,
-- 1 an agency, 2 all agencies together of which there are too few ratings to tell them apart.
CREATE TABLE feed.satisfaction (
    province smallint NOT NULL,
    month date NOT NULL,
    kind smallint NOT NULL CONSTRAINT satisfaction_kind CHECK (kind BETWEEN 0 AND 2),
    agency text COLLATE "C" NOT NULL,
    -- How many chose each level, from 1 to 4; NULL: too few to be told.
    counts bigint[] CONSTRAINT satisfaction_counts CHECK (cardinality(counts) = 4),
    PRIMARY KEY (province, month, kind, agency)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON feed.rating, feed.satisfaction TO motcua_feed;
    END IF;
END
$$;
