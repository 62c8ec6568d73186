-- The people with cases, or orders, at all. They are few, and only they are asked about further.
SELECT toString(person_id) AS person_id, person_id IN (SELECT person_id FROM cases) AS has_cases,
    person_id IN (SELECT person_id FROM orders
        PREWHERE person_id IN (SELECT person_id FROM people)) AS has_orders
FROM people
WHERE has_cases OR has_orders
