-- What everybody is told of each month (docs/statistics.md): computed behind the counters, and only read when a page is
-- asked for. What is held back stands in no table here, so that figures and what is held back of them are of one moment.

-- Grows with every change of a province's counters, in the transaction that makes it.
ALTER TABLE feed.statistic_standing ADD COLUMN changes bigint NOT NULL DEFAULT 0;

-- One row a month of a province.
CREATE TABLE feed.statistic_month (
    province smallint NOT NULL,
    -- Its first day.
    month date NOT NULL,
    -- The last day that its figures tell of.
    through date NOT NULL,
    is_settled boolean NOT NULL,
    -- False after the counters were made anew: the figures may be others than those that this was computed of.
    is_checked boolean NOT NULL,
    -- What figures there are and how they are counted, as a hash; another build's are computed anew.
    layout bigint NOT NULL,
    -- The province's changes up to which the figures go.
    changes bigint NOT NULL,
    -- SHA-256 of all figures, those that are held back too.
    identity bytea NOT NULL,
    -- The province's own figures, which are told as they are: the measures in their order.
    opening bigint[] NOT NULL,
    period bigint[] NOT NULL,
    PRIMARY KEY (province, month)
) WITH (fillfactor = 50);

-- The tables of a month, one row each. `shape` and `scope` as in feed.statistic.
CREATE TABLE feed.statistic_told (
    province smallint NOT NULL,
    month date NOT NULL,
    shape smallint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    -- Agencies, fields or procedures.
    items text[] NOT NULL,
    -- So many figures an item, one item after the other; NULL: held back.
    figures bigint[] NOT NULL,
    PRIMARY KEY (province, month, shape, scope)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON feed.statistic_month, feed.statistic_told TO motcua_feed;
    END IF;
END
$$;
