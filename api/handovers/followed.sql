SELECT toString(f.person_id) AS person_id, f.unit_code AS unit_code, f.follow_until AS follow_until
FROM followed_people AS f
WHERE f.person_id IN (SELECT person_id FROM people)
