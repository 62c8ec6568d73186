-- What was told of somebody's ways, and that they fell ill. Of their other presences the scan or declaration that says them is in the timeline.
SELECT at, kind, id, what
FROM
(
    SELECT any(p.began_at) AS at, 'presence' AS kind, toString(p.presence_id) AS id,
        map('place', any(p.place), 'to', formatDateTime(any(p.ended_at), '%FT%TZ', 'UTC'), 'granularity', toString(any(p.granularity))) AS what
    FROM presences AS p
    PREWHERE p.person_id = {person_id:String} AND p.began_at >= {from:DateTime64(3)} AND p.began_at < {to:DateTime64(3)}
    WHERE p.source IN ('report', 'site_declaration')
    GROUP BY p.began_at, p.place, p.presence_id
    HAVING argMax(p.is_deleted, p.version) = 0
    UNION ALL
    SELECT c.reported_at AS at, 'case' AS kind, toString(c.entry_id) AS id,
        map('case_id', toString(c.case_id), 'status', toString(c.status), 'onset_at', ifNull(formatDateTime(c.onset_at, '%FT%TZ', 'UTC'), ''),
            'sampled_at', ifNull(formatDateTime(c.sampled_at, '%FT%TZ', 'UTC'), ''),
            'isolated_at', ifNull(formatDateTime(c.isolated_at, '%FT%TZ', 'UTC'), '')) AS what
    FROM cases AS c FINAL
    WHERE c.person_id = {person_id:String} AND c.reported_at >= {from:DateTime64(3)} AND c.reported_at < {to:DateTime64(3)}
)
ORDER BY at, kind, id
LIMIT {limit:UInt32}
