-- The orders on people as known at `known_at`, each on the person whom it was known to be on then.
-- It has when the order begins, its kind, whether it is in force, and when it ends; 0: when lifted.
SELECT toString(person_id) AS person_id,
    groupArray((toUnixTimestamp64Milli(begins_at), kind, status,
        ifNull(toUnixTimestamp64Milli(ends_at), 0))) AS orders
FROM
(
    SELECT argMax(person_id, (issued_at, received_at, entry_id)) AS person_id, order_id,
        argMax(status, (issued_at, received_at, entry_id)) AS status,
        argMax(kind, (issued_at, received_at, entry_id)) AS kind,
        argMax(begins_at, (issued_at, received_at, entry_id)) AS begins_at,
        argMax(tuple(ends_at), (issued_at, received_at, entry_id)).1 AS ends_at
    FROM
    (
        SELECT person_id, order_id, entry_id, any(w.status) AS status, any(w.kind) AS kind,
            any(w.begins_at) AS begins_at,
            any(w.ends_at) AS ends_at, any(w.issued_at) AS issued_at,
            any(w.received_at) AS received_at,
            argMax((w.is_deleted, w.known_from, w.formerly), w.version) AS held
        FROM orders AS w
        WHERE w.order_id IN (SELECT order_id FROM orders
            PREWHERE person_id IN (SELECT person_id FROM people))
        GROUP BY person_id, order_id, entry_id
        HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
            OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
    )
    GROUP BY order_id
)
WHERE person_id IN (SELECT person_id FROM people)
GROUP BY person_id
