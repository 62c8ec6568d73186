-- This is residences.sql by the newest words of the register and the declarations that were known
-- at `known_at` to be the people's.
SELECT toString(s.person_id) AS person_id, argMax(s.code, (s.registered, s.said)) AS residence_code
FROM
(
    SELECT person_id, 1 AS registered, newest.1 AS code, newest.2 AS said
    FROM
    (
        SELECT person_id, argMax(tuple(residence_code, said_at), version) AS newest
        FROM residence_changes
        PREWHERE person_id IN (SELECT person_id FROM people)
        WHERE known_from <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
        GROUP BY person_id, document_key
    )
    UNION ALL
    SELECT person_id, 0 AS registered, held.1 AS code, held.2 AS said
    FROM
    (
        SELECT person_id,
            argMax((residence_code, said_at, is_deleted, known_from, formerly), version) AS held
        FROM identity_vault
        PREWHERE person_id IN (SELECT person_id FROM people)
        WHERE source = 'declared'
        GROUP BY person_id, document_key, entry_id
        HAVING (held.3 = 0 AND held.4 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
            OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.5)
    )
) AS s
WHERE s.code != ''
GROUP BY s.person_id
