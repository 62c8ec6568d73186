SELECT toString(p.issue_id) AS issue_id, toString(p.person_id) AS person_id,
    p.generation AS generation, p.exposed_at AS exposed_at,
    p.last_exposed_at AS last_exposed_at, p.follow_until AS follow_until,
    toString(p.source_id) AS source_id, p.place AS place
FROM handover_people AS p FINAL
WHERE p.issue_id IN {issue_ids:Array(UUID)}
ORDER BY generation, exposed_at, person_id
