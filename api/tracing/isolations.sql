-- From when an order isolates these people, of orders that last beyond `until`, as known at `known_at`. An order with an end holds until then,
-- lifted or not; one without holds unless it was lifted.
SELECT p.question AS question, toString(o.person_id) AS person_id, min(toUnixTimestamp64Milli(o.begins_at)) AS isolated
FROM
(
    SELECT person_id, order_id, argMax(status, (issued_at, received_at, entry_id)) AS status,
        argMax(begins_at, (issued_at, received_at, entry_id)) AS begins_at,
        argMax(tuple(ends_at), (issued_at, received_at, entry_id)).1 AS ends_at
    FROM
    (
        SELECT person_id, order_id, entry_id, any(w.status) AS status, any(w.begins_at) AS begins_at, any(w.ends_at) AS ends_at,
            any(w.issued_at) AS issued_at, any(w.received_at) AS received_at,
            argMax((w.is_deleted, w.known_from, w.formerly), w.version) AS held
        FROM orders AS w
        PREWHERE w.person_id IN (SELECT person_id FROM people)
        GROUP BY person_id, order_id, entry_id
        HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
            OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
    )
    GROUP BY person_id, order_id
) AS o
INNER JOIN people AS p ON p.person_id = o.person_id
WHERE if(o.ends_at IS NULL, o.status = 'in_force', ifNull(toUnixTimestamp64Milli(o.ends_at) > p.until, false))
GROUP BY p.question, o.person_id
