-- Of which people there are cases or orders at all: few, so that only of those more is asked.
SELECT toString(person_id) AS person_id
FROM people
WHERE person_id IN (SELECT person_id FROM cases) OR person_id IN (SELECT person_id FROM orders PREWHERE person_id IN (SELECT person_id FROM people))
