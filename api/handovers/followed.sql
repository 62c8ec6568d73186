SELECT toString(f.person_id) AS person_id, f.unit_code AS unit_code
FROM followed_people AS f
WHERE f.person_id IN (SELECT person_id FROM people)
