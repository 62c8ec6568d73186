-- That somebody fell ill stands in their timeline.
CREATE MATERIALIZED VIEW IF NOT EXISTS cases_to_timeline TO timeline AS
SELECT person_id, 'case' AS kind, entry_id AS id, reported_at AS at,
    map('case_id', toString(case_id), 'status', status, 'onset_at', ifNull(formatDateTime(onset_at, '%FT%TZ'), ''),
        'sampled_at', ifNull(formatDateTime(sampled_at, '%FT%TZ'), ''), 'isolated_at', ifNull(formatDateTime(isolated_at, '%FT%TZ'), '')) AS what,
    version, is_deleted
FROM cases;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'case' AS kind, entry_id AS id, reported_at AS at,
    map('case_id', toString(case_id), 'status', toString(status), 'onset_at', ifNull(formatDateTime(onset_at, '%FT%TZ'), ''),
        'sampled_at', ifNull(formatDateTime(sampled_at, '%FT%TZ'), ''), 'isolated_at', ifNull(formatDateTime(isolated_at, '%FT%TZ'), '')) AS what,
    version, is_deleted
FROM cases
