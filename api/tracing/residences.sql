SELECT toString(person_id) AS person_id, argMax(v.residence_code, (v.source = 'register', v.said_at)) AS residence_code
FROM identity_vault AS v FINAL
PREWHERE person_id IN (SELECT person_id FROM people)
WHERE v.source IN ('register', 'declared') AND v.residence_code != ''
GROUP BY person_id
