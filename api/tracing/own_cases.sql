-- The confirmed cases that people are themselves, as known at `known_at`. Each case is at the
-- person whose it was known to be then.
SELECT toString(person_id) AS person_id,
    arraySort(groupArray((toUnixTimestamp64Milli(dated_at), toString(case_id)))) AS cases
FROM
(
    SELECT case_id, argMax(person_id, (reported_at, received_at, entry_id)) AS person_id,
        argMax(status, (reported_at, received_at, entry_id)) AS status,
        argMax(tuple(dated), (reported_at, received_at, entry_id)).1 AS dated_at
    FROM
    (
        SELECT case_id, entry_id, person_id, any(s.status) AS status,
            any(ifNull(s.onset_at, s.sampled_at)) AS dated,
            any(s.reported_at) AS reported_at, any(s.received_at) AS received_at,
            argMax((s.is_deleted, s.known_from, s.formerly), s.version) AS held
        FROM cases AS s
        WHERE case_id IN (SELECT case_id FROM cases
            WHERE person_id IN (SELECT person_id FROM people))
        GROUP BY case_id, entry_id, person_id
        HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
            OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
    )
    GROUP BY case_id
    HAVING status = 'confirmed'
)
WHERE person_id IN (SELECT person_id FROM people)
GROUP BY person_id
