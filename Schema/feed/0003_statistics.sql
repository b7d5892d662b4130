-- Counters of the feed's own (engine.md, R21): changed in the transaction that records a notice, by the difference
-- between what its dossier came to before and comes to now. All of it can be made anew from feed.notice.

-- How far each province's counters have come. No row, or other rules than the build's: they are counted anew.
CREATE TABLE feed.statistic_standing (
    province smallint PRIMARY KEY,
    rules integer NOT NULL,
    -- The latest instant, in law, that a notice told.
    legal_now timestamptz,
    -- The last month (its first day) whose figures are published: what changes in it later is noted as a correction.
    frozen date,
    -- The day of the last nightly check.
    checked_on date
) WITH (fillfactor = 50);

-- What the counters hold of each dossier.
CREATE TABLE feed.statistic_dossier (
    province smallint NOT NULL,
    dossier uuid NOT NULL,
    number integer NOT NULL CONSTRAINT statistic_dossier_number CHECK (number >= 1),
    facts bytea NOT NULL,
    PRIMARY KEY (province, dossier)
) WITH (fillfactor = 70);

-- The counters. `shape`: 0 province, 1 agency, 2 field, 3 procedure, 4 an agency's fields, 5 an agency's procedures.
-- `period`: 0 year, 1 month, 2 day; `start` is its first day. The stocks (from `pending` on) are changes: what came in
-- less what left. A dossier that runs turns from `running` to `late` on a day that is known beforehand, so rows of
-- future days are right, and whoever reads up to a day gets what is late on that day.
CREATE TABLE feed.statistic (
    province smallint NOT NULL,
    shape smallint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    period smallint NOT NULL,
    start date NOT NULL,
    item text COLLATE "C" NOT NULL,
    received_counter bigint NOT NULL,
    received_online bigint NOT NULL,
    received_post bigint NOT NULL,
    finished_early bigint NOT NULL,
    finished_on_time bigint NOT NULL,
    finished_late bigint NOT NULL,
    finished_undated bigint NOT NULL,
    finished_other bigint NOT NULL,
    finished_repeat bigint NOT NULL,
    finished_late_first bigint NOT NULL,
    declined bigint NOT NULL,
    net_seconds bigint NOT NULL,
    pending bigint NOT NULL,
    running bigint NOT NULL,
    late bigint NOT NULL,
    waiting bigint NOT NULL,
    waiting_late bigint NOT NULL,
    waiting_other bigint NOT NULL,
    waiting_repeat bigint NOT NULL,
    PRIMARY KEY (province, shape, scope, period, start, item)
) WITH (fillfactor = 70);

-- What changed in months that were published already. A published figure is the counter less the corrections that came
-- after its month was published (`frozen` is the last month that was published when the correction came).
CREATE TABLE feed.statistic_correction (
    province smallint NOT NULL,
    shape smallint NOT NULL,
    scope text COLLATE "C" NOT NULL,
    month date NOT NULL,
    dated date NOT NULL,
    frozen date NOT NULL,
    item text COLLATE "C" NOT NULL,
    received_counter bigint NOT NULL,
    received_online bigint NOT NULL,
    received_post bigint NOT NULL,
    finished_early bigint NOT NULL,
    finished_on_time bigint NOT NULL,
    finished_late bigint NOT NULL,
    finished_undated bigint NOT NULL,
    finished_other bigint NOT NULL,
    finished_repeat bigint NOT NULL,
    finished_late_first bigint NOT NULL,
    declined bigint NOT NULL,
    net_seconds bigint NOT NULL,
    pending bigint NOT NULL,
    running bigint NOT NULL,
    late bigint NOT NULL,
    waiting bigint NOT NULL,
    waiting_late bigint NOT NULL,
    waiting_other bigint NOT NULL,
    waiting_repeat bigint NOT NULL,
    PRIMARY KEY (province, shape, scope, month, dated, frozen, item)
);

-- How many results took so many days: for the usual duration on the citizen's page.
CREATE TABLE feed.statistic_duration (
    province smallint NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    month date NOT NULL,
    days smallint NOT NULL,
    count bigint NOT NULL,
    PRIMARY KEY (province, procedure, month, days)
) WITH (fillfactor = 70);

-- How long dossiers stay at a milestone: for the slowest steps.
CREATE TABLE feed.statistic_step (
    province smallint NOT NULL,
    month date NOT NULL,
    procedure text COLLATE "C" NOT NULL,
    milestone text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    seconds bigint NOT NULL,
    PRIMARY KEY (province, month, procedure, milestone)
) WITH (fillfactor = 70);

-- What agencies (0), procedures (1) and milestones (2, "procedure milestone") are called.
CREATE TABLE feed.statistic_name (
    province smallint NOT NULL,
    kind smallint NOT NULL,
    key text COLLATE "C" NOT NULL,
    vi text NOT NULL,
    en text,
    field text,
    code text,
    PRIMARY KEY (province, kind, key)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'motcua_feed') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON
            feed.statistic_standing, feed.statistic_dossier, feed.statistic, feed.statistic_correction,
            feed.statistic_duration, feed.statistic_step, feed.statistic_name
            TO motcua_feed;
    END IF;
END
$$;
