-- Of which people there are cases or orders at all: few, so that only of those more is asked.
SELECT p.question AS question, toString(p.person_id) AS person_id
FROM people AS p
WHERE p.person_id IN (SELECT person_id FROM cases) OR p.person_id IN (SELECT person_id FROM orders PREWHERE person_id IN (SELECT person_id FROM people))
