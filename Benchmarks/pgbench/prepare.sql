-- Fills a second database of the same schema for pgbench: as many dossiers as :dossiers, each with one open task and
-- one timer, the state as long as MotCua's are on average (:state bytes).
SELECT engine.ensure_event_month(date '2026-03-01');
INSERT INTO engine.sequencer (province, next_n) VALUES (48, 0);
INSERT INTO engine.dossier (province, id, sequence, fold, phase, status, procedure_version, channel, submitted_at, root,
    procedure, centre, agency, look_up, client, head, state)
SELECT 48, i.id, 3, 1, 0, 2, 1, 1, now(), i.id, 'birth-registration', '000.00.01.H17', '000.01.01.H17',
    lpad(n::text, 12, '0'), 'bench', sha256(n::text::bytea), convert_to(repeat('s', :state), 'UTF8')
FROM generate_series(1, :dossiers) AS n
CROSS JOIN LATERAL (SELECT ('019c0000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id) AS i;
INSERT INTO engine.task (province, dossier, activation, kind, claims, opened_at, due_at, step, procedure, agency, role)
SELECT 48, d.id, 1, 1, 0, now(), now() + interval '8 hours', 'check', 'birth-registration', d.agency, 'civil-status'
FROM engine.dossier d;
INSERT INTO engine.agenda (province, dossier, key, due_at)
SELECT 48, d.id, 'due/1', now() + interval '8 hours' FROM engine.dossier d;
VACUUM ANALYZE;
CHECKPOINT;
