-- The notices of every second block of dossiers, in the order in which time would bring them: the first of ten thousand
-- dossiers, then their second, and so on, so that those of one dossier lie apart.
-- Variables: dossiers, part (0 or 1).
SELECT set_config('bench.part', :'part', false), set_config('bench.dossiers', :'dossiers', false);
SET synchronous_commit = off;
DO $$
DECLARE
    block constant integer := 10000;
    part integer := current_setting('bench.part')::integer;
    dossiers integer := current_setting('bench.dossiers')::integer;
BEGIN
    FOR b IN 0..(dossiers - 1) / block LOOP
        CONTINUE WHEN b % 2 <> part;
        FOR k IN 1..(SELECT max(number) FROM bench.template) LOOP
            INSERT INTO feed.notice (province, dossier, number, n, body, salt, head)
                SELECT 48, d.dossier, k, 1000000000000 + d.number * 8 + k,
                    convert_to(replace(replace(t.body, '<dossier>', d.dossier::text), '<legal-code>', d.legal_code),
                        'UTF8'),
                    decode(md5(d.number::text), 'hex'), sha256(d.dossier::text::bytea)
                FROM bench.dossier d JOIN bench.template t ON t.number = k
                WHERE d.number > b * block AND d.number <= (b + 1) * block AND d.notices >= k;
        END LOOP;
    END LOOP;
END
$$;
