-- Forward traces answer who shared a checkpoint with a person, from presences_by_place.
DROP VIEW IF EXISTS scans_to_scans_by_checkpoint;

DROP TABLE IF EXISTS scans_by_checkpoint
