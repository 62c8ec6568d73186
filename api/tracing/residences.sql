SELECT p.question AS question, toString(v.person_id) AS person_id,
    argMax(v.residence_code, (v.source = 'register', v.said_at)) AS residence_code
FROM identity_vault AS v FINAL
INNER JOIN people AS p ON p.person_id = v.person_id
PREWHERE v.person_id IN (SELECT person_id FROM people)
WHERE v.source IN ('register', 'declared') AND v.residence_code != ''
GROUP BY p.question, v.person_id
SETTINGS join_algorithm = 'hash'
