-- Once the follower has made the pictures of the seeds: the dossiers, each with the picture of the seed that has as many
-- notices; its own legal code and leaf are put in where the seed's are.
-- The filler shall not fill the write-ahead log: this database is thrown away.
ALTER TABLE feed.notice SET UNLOGGED;
ALTER TABLE feed.dossier SET UNLOGGED;

CREATE TABLE bench.picture AS
    SELECT s.notices, d.picture, position(convert_to(s.legal_code, 'UTF8') IN d.picture) AS place
    FROM bench.seed s JOIN feed.dossier d USING (dossier);
DELETE FROM feed.dossier USING bench.seed s WHERE feed.dossier.dossier = s.dossier;
DELETE FROM feed.notice USING bench.seed s WHERE feed.notice.dossier = s.dossier;

INSERT INTO feed.dossier (province, dossier, root, look_up, legal_code, number, taken, picture)
    SELECT 48, d.dossier, d.dossier, d.look_up, d.legal_code, d.notices, d.notices,
        CASE WHEN p.place = 0 THEN leaf.picture
            ELSE overlay(leaf.picture PLACING convert_to(d.legal_code, 'UTF8') FROM p.place) END
    FROM bench.dossier d
    JOIN bench.picture p USING (notices)
    CROSS JOIN LATERAL (
        SELECT overlay(p.picture PLACING int8send(1000000000000 + d.number * 8 + d.notices) FROM 2) AS picture
    ) AS leaf
    ORDER BY d.number;
