SELECT toString(v.person_id) AS person_id, argMax(v.residence_code, (v.source = 'register', v.said_at)) AS residence_code
FROM identity_vault AS v FINAL
WHERE v.person_id IN (SELECT person_id FROM people) AND v.residence_code != ''
GROUP BY v.person_id
