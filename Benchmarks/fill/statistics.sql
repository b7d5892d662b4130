-- Counters of a province for eleven months before the run: 100 agencies, 30 fields and 300 procedures that the run does
-- not have. As many rows as such a province would have, with made-up figures.
CREATE TABLE bench.period AS
    SELECT 2::smallint AS period, d::date AS start FROM generate_series('2025-04-01', '2026-02-28', interval '1 day') d
    UNION ALL SELECT 1, d::date FROM generate_series('2025-04-01', '2026-02-01', interval '1 month') d
    UNION ALL SELECT 0, '2025-01-01';

CREATE TABLE bench.scope AS
    SELECT 0::smallint AS shape, '' AS scope, '' AS item
    UNION ALL SELECT 1, '', format('000.70.%s.H17', lpad(a::text, 2, '0')) FROM generate_series(0, 99) a
    UNION ALL SELECT 2, '', format('field-%s', f) FROM generate_series(1, 30) f
    UNION ALL SELECT 3, '', format('procedure-%s', p) FROM generate_series(1, 300) p
    UNION ALL SELECT 4, format('000.70.%s.H17', lpad(a::text, 2, '0')), format('field-%s', f)
        FROM generate_series(0, 99) a, generate_series(1, 10) f
    UNION ALL SELECT 5, format('000.70.%s.H17', lpad(a::text, 2, '0')), format('procedure-%s', p)
        FROM generate_series(0, 99) a, generate_series(1, 30) p;

INSERT INTO feed.statistic
    SELECT 48, s.shape, s.scope, p.period, p.start, s.item, 40, 20, 2, 10, 45, 3, 0, 1, 1, 1, 1, 4000000,
        CASE p.period WHEN 2 THEN 1 ELSE 30 END, 0, 0, 0, 0, 0, 0
    FROM bench.scope s JOIN bench.period p ON s.shape <> 5 OR p.period < 2
    ON CONFLICT DO NOTHING;

INSERT INTO feed.statistic_name (province, kind, key, vi, en)
    SELECT DISTINCT 48, CASE s.shape WHEN 1 THEN 0 ELSE 1 END, s.item, 'Mục ' || s.item, 'Item ' || s.item
    FROM bench.scope s WHERE s.shape IN (1, 3)
    ON CONFLICT DO NOTHING;
ANALYZE feed.statistic;
-- The nightly check would find that these figures have no notices, and count all notices of the province anew. What the
-- months tell is computed as after any change; what was there before was of other figures.
UPDATE feed.statistic_month SET is_checked = false WHERE province = 48;
UPDATE feed.statistic_standing SET checked_on = '2100-01-01', changes = changes + 1;
