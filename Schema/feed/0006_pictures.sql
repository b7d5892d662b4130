-- What is shown of a dossier, kept ready in its row: a look-up then reads no notices, which lie apart on disk.
-- A cache of feed.notice, written by the follower; where it is NULL, older than the row or of another format, the reader
-- takes the notices. Small, so that it stays in the row and most updates stay on their page.
ALTER TABLE feed.dossier ADD COLUMN picture bytea;
ALTER TABLE feed.dossier SET (fillfactor = 60, toast_tuple_target = 4080);

-- How far the follower has come in making pictures of dossiers that have none of its format: everything up to
-- `pictured_until` has one. Setting `picture_format` to 0 lets it look at all of them again.
ALTER TABLE feed.cursor
    ADD COLUMN picture_format smallint NOT NULL DEFAULT 0,
    ADD COLUMN pictured_until uuid;
