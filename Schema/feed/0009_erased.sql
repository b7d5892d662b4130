-- When what is shown of a dossier was erased, by the feed's clock and later than any before in its province: who keeps
-- pictures in memory takes away those that were, and no others.
ALTER TABLE feed.dossier ADD COLUMN erased_at timestamptz;
CREATE INDEX dossier_erased ON feed.dossier (province, erased_at) WHERE erased_at IS NOT NULL;
