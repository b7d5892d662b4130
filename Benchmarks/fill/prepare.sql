-- Before filling: templates of real notices, and a look-up code for every number.
-- Variables: dossiers.
CREATE SCHEMA bench;

-- The notices of one finished dossier of the run, with what differs from dossier to dossier cut out.
CREATE TABLE bench.template AS
    WITH one AS (
        SELECT d.province, d.dossier, d.legal_code FROM feed.dossier d
        WHERE d.look_up IS NOT NULL AND d.legal_code IS NOT NULL AND d.dossier = d.root
            AND d.number = (SELECT max(number) FROM feed.dossier) AND d.taken = d.number
        LIMIT 1
    )
    SELECT n.province, n.number, replace(replace(convert_from(n.body, 'UTF8'), one.dossier::text, '<dossier>'),
        one.legal_code, '<legal-code>') AS body
    FROM one JOIN feed.notice n USING (province, dossier);

-- The code of a number: digits of base 30 that differ from neighbour to neighbour, and the check character of
-- ISO 7064 MOD 31,30.
CREATE FUNCTION bench.code(number bigint) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    alphabet CONSTANT text := '23456789ABCDEFGHJKMNPQRSTVWXYZ';
    -- 30^11 values; the factor has no divisor in common with 30, so that no two numbers meet.
    rest bigint := (number * 15485863003) % 17714700000000000;
    code text := '';
    product integer := 30;
    value integer;
BEGIN
    FOR place IN 1..11 LOOP
        value := (rest % 30)::integer;
        rest := rest / 30;
        code := code || substr(alphabet, value + 1, 1);
        product := (product + value) % 30;
        IF product = 0 THEN product := 30; END IF;
        product := (product * 2) % 31;
    END LOOP;
    RETURN code || substr(alphabet, (31 - product) % 30 + 1, 1);
END
$$;

-- Identities in the order of time, as the engine's are. One notice to as many as there are templates.
CREATE TABLE bench.dossier AS
    SELECT i AS number,
        (lpad(to_hex(1760000000000 + i * 30), 12, '0') || '7' || substr(md5(i::text), 1, 3) || '8' ||
            substr(md5(i::text), 4, 15))::uuid AS dossier,
        bench.code(i) AS look_up,
        '000.00.01.H17-' || to_char(date '2023-01-01' + (i / 1000)::integer, 'YYMMDD') || '-' ||
            lpad((i % 1000 + 1)::text, 4, '0') AS legal_code,
        (1 + i % (SELECT count(*) FROM bench.template))::integer AS notices
    FROM generate_series(1, :dossiers) AS i;
ALTER TABLE bench.dossier ADD PRIMARY KEY (number);
ANALYZE bench.dossier;

-- For each number of notices a dossier that has so many of them: the follower makes its picture, as of any dossier that
-- has none.
CREATE TABLE bench.seed AS
    SELECT number AS notices, gen_random_uuid() AS dossier, '000.00.01.H17-230101-0001' AS legal_code FROM bench.template;
INSERT INTO feed.notice (province, dossier, number, n, body, salt, head)
    SELECT 48, s.dossier, t.number, 2000000000000 + s.notices * 8 + t.number,
        convert_to(replace(replace(t.body, '<dossier>', s.dossier::text), '<legal-code>', s.legal_code), 'UTF8'),
        decode(md5(s.dossier::text), 'hex'), sha256(s.dossier::text::bytea)
    FROM bench.seed s JOIN bench.template t ON t.number <= s.notices;
INSERT INTO feed.dossier (province, dossier, root, number, taken) SELECT 48, dossier, dossier, notices, notices FROM bench.seed;
UPDATE feed.cursor SET picture_format = 0 WHERE province = 48;
