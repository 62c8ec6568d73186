-- What was told of somebody's ways stands in their timeline. Of other presences the scan or declaration that says them is there.
CREATE MATERIALIZED VIEW IF NOT EXISTS presences_to_timeline TO timeline AS
SELECT person_id, 'presence' AS kind, presence_id AS id, began_at AS at,
    map('place', place, 'ended_at', formatDateTime(ended_at, '%FT%TZ'), 'granularity', toString(granularity)) AS what, version, is_deleted
FROM presences
WHERE source IN ('report', 'site_declaration');

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'presence' AS kind, presence_id AS id, began_at AS at,
    map('place', place, 'ended_at', formatDateTime(ended_at, '%FT%TZ'), 'granularity', toString(granularity)) AS what, version, is_deleted
FROM presences
WHERE source IN ('report', 'site_declaration');

ALTER TABLE timeline COMMENT COLUMN kind 'declaration, cancellation, scan, verdict, override, dose, test, order, flag, case or presence'
