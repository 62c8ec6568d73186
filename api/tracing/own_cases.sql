-- Which of these people are confirmed cases themselves, by the latest reports known at `known_at`, at whose they were known to be then.
SELECT p.question AS question, toString(p.person_id) AS person_id, toString(c.case_id) AS case_id, c.dated_at AS dated_at
FROM
(
    SELECT case_id, argMax(person_id, (reported_at, received_at, entry_id)) AS person_id,
        argMax(status, (reported_at, received_at, entry_id)) AS status,
        argMax(tuple(dated), (reported_at, received_at, entry_id)).1 AS dated_at
    FROM
    (
        SELECT case_id, entry_id, person_id, any(r.status) AS status, any(ifNull(r.onset_at, r.sampled_at)) AS dated,
            any(r.reported_at) AS reported_at, any(r.received_at) AS received_at,
            argMax((r.is_deleted, r.known_from, r.formerly), r.version) AS held
        FROM cases AS r
        WHERE case_id IN (SELECT case_id FROM cases WHERE person_id IN (SELECT person_id FROM people))
        GROUP BY case_id, entry_id, person_id
        HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
            OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
    )
    GROUP BY case_id
) AS c
INNER JOIN people AS p ON p.person_id = c.person_id
WHERE c.status = 'confirmed'
ORDER BY question, person_id, dated_at, case_id
