-- One completed task as one transaction, with the rows that MotCua writes for one: run by pgbench as motcua_engine, under
-- the same row-level security. Nothing is decided, read from JSON, sealed, hashed or answered: the rows hold fillers of
-- MotCua's average length. What occurs on average 0.4 times a task is written in 40 % of the transactions.
--
-- Each client has dossiers of its own, as each connection of the load generator has; no two ever wait for a row.
-- The pipeline needs two round trips, as MotCua's own does: the dossier is locked and read before anything is written.
\set step :step + 1
\set n 1 + :client_id + :clients * random(0, :each - 1)
\set sequence (:run * 10000000 + :step) * 16
\set events :events_whole + case when random(1, 1000) <= :events_rest then 1 else 0 end
\set notices :notices_whole + case when random(1, 1000) <= :notices_rest then 1 else 0 end
\set tasks :tasks_whole + case when random(1, 1000) <= :tasks_rest then 1 else 0 end
\set agenda :agenda_whole + case when random(1, 1000) <= :agenda_rest then 1 else 0 end
\set cleared :cleared_whole + case when random(1, 1000) <= :cleared_rest then 1 else 0 end
\set sealed :sealed_whole + case when random(1, 1000) <= :sealed_rest then 1 else 0 end
\set codes case when random(1, 1000) <= :codes_rest then 1 else 0 end
\startpipeline
BEGIN;
SELECT d.id, d.sequence, d.phase, d.status, d.procedure, d.procedure_version, d.centre, d.agency, d.channel, d.submitted_at, d.root, d.parent, d.look_up, d.code, d.client, d.client_reference, d.fold, d.head, d.state FROM engine.dossier d WHERE d.province = 48 AND d.id = ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid FOR UPDATE;
SELECT a.fingerprint, a.status, a.content_type, a.body FROM engine.answer a WHERE a.province = 48 AND a.client = 'bench' AND a.operation = 'complete' AND a.key = (:client_id::bigint)::text || '-' || (:sequence::bigint)::text;
\endpipeline
\startpipeline
\if :codes
INSERT INTO engine.counter AS c (province, agency, day, last) VALUES (48, '000.00.01.H17-' || (:client_id::bigint)::text, date '2026-03-02', 1) ON CONFLICT (province, agency, day) DO UPDATE SET last = c.last + 1;
INSERT INTO engine.dossier_code (province, code, dossier) VALUES (48, 'H17.' || (:client_id::bigint)::text || '-' || (:sequence::bigint)::text, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid);
\endif
UPDATE engine.dossier d SET sequence = :sequence::bigint + :events::bigint, fold = 1, phase = 0, status = 4, state = convert_to(repeat('t', :state::int), 'UTF8'), head = sha256('head') WHERE d.province = 48 AND d.id = ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;
INSERT INTO engine.event (province, received, dossier, sequence, recorded_at, kind, body, hash) SELECT 48, date '2026-03-01', ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, :sequence::bigint + i, now(), 'completed', convert_to(repeat('e', :event::int), 'UTF8'), sha256('event') FROM generate_series(1, :events::int) AS i;
DELETE FROM engine.task t WHERE t.province = 48 AND t.dossier = ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;
INSERT INTO engine.task (province, dossier, activation, kind, claims, opened_at, due_at, step, procedure, agency, role) SELECT 48, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, :sequence::bigint + i, 1, 0, now(), now() + interval '8 hours', 'check', 'birth-registration', '000.01.01.H17', 'civil-status' FROM generate_series(1, :tasks::int) AS i;
\if :cleared
DELETE FROM engine.agenda a WHERE a.province = 48 AND a.dossier = ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid;
\endif
\if :agenda
INSERT INTO engine.agenda (province, dossier, key, due_at) SELECT 48, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, 'due/' || (:sequence::bigint + i)::text, now() + interval '8 hours' FROM generate_series(1, :agenda::int) AS i ON CONFLICT (province, dossier, key) DO UPDATE SET due_at = excluded.due_at;
\endif
\if :notices
INSERT INTO engine.notice (province, dossier, number, root, recorded_at, head, body) SELECT 48, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, (:run * 100000000 + :step * 4) % 2147483000 + i, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, now(), sha256('head'), convert_to(repeat('n', :notice::int), 'UTF8') FROM generate_series(1, :notices::int) AS i;
INSERT INTO engine.notice_queue (province, dossier, number, content) SELECT 48, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, i, sha256('body') || sha256('head') FROM generate_series(1, :notices::int) AS i;
\endif
\if :sealed
INSERT INTO engine.sealed (province, dossier, section, ciphertext, created_at) SELECT 48, ('019c0000-0000-7000-8000-' || lpad(to_hex(:n::bigint), 12, '0'))::uuid, 's/' || (:sequence::bigint + i)::text, convert_to(repeat('c', 200), 'UTF8'), now() FROM generate_series(1, :sealed::int) AS i;
\endif
INSERT INTO engine.answer (province, client, operation, key, fingerprint, status, content_type, body, created_at) VALUES (48, 'bench', 'complete', (:client_id::bigint)::text || '-' || (:sequence::bigint)::text, sha256('fingerprint'), 200, 'application/json; charset=utf-8', convert_to(repeat('a', :answer::int), 'UTF8'), now());
COMMIT;
\endpipeline
