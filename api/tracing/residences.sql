SELECT toString(person_id) AS person_id,
    argMax(held.1, (source = 'register', held.2)) AS residence_code
FROM
(
    -- The newest of each word holds. FINAL would cost more: few among many rows are asked for.
    SELECT person_id, source, argMax((residence_code, said_at, is_deleted), version) AS held
    FROM identity_vault
    PREWHERE person_id IN (SELECT person_id FROM people)
    WHERE source IN ('register', 'declared')
    GROUP BY person_id, document_key, source, entry_id
    HAVING held.1 != '' AND held.3 = 0
)
GROUP BY person_id
