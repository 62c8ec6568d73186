-- Of which cases people are the person, and which orders isolate them, as known at `known_at`, each at whom it was known to be then. Of orders
-- those that begin between `since` and `latest`, and last beyond `until`: one with an end holds until then, lifted or not; one without holds
-- unless it was lifted.
SELECT p.question AS question, toString(p.person_id) AS person_id, c.cases AS cases,
    arrayMap(one -> (one.1, one.2 = 'quarantine'),
        arrayFilter(one -> one.1 BETWEEN p.since AND p.latest AND if(one.4 = 0, one.3 = 'in_force', one.4 > p.until), o.orders)) AS isolations
FROM people AS p
LEFT JOIN
(
    SELECT person_id, arraySort(groupArray((toUnixTimestamp64Milli(dated_at), toString(case_id)))) AS cases
    FROM
    (
        SELECT case_id, argMax(person_id, (reported_at, received_at, entry_id)) AS person_id,
            argMax(status, (reported_at, received_at, entry_id)) AS status,
            argMax(tuple(dated), (reported_at, received_at, entry_id)).1 AS dated_at
        FROM
        (
            SELECT case_id, entry_id, person_id, any(s.status) AS status, any(ifNull(s.onset_at, s.sampled_at)) AS dated,
                any(s.reported_at) AS reported_at, any(s.received_at) AS received_at,
                argMax((s.is_deleted, s.known_from, s.formerly), s.version) AS held
            FROM cases AS s
            WHERE case_id IN (SELECT case_id FROM cases WHERE person_id IN (SELECT person_id FROM people))
            GROUP BY case_id, entry_id, person_id
            HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
                OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                    AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
        )
        GROUP BY case_id
        HAVING status = 'confirmed'
    )
    GROUP BY person_id
) AS c ON c.person_id = p.person_id
LEFT JOIN
(
    SELECT person_id, groupArray((toUnixTimestamp64Milli(begins_at), kind, status, ifNull(toUnixTimestamp64Milli(ends_at), 0))) AS orders
    FROM
    (
        SELECT argMax(person_id, (issued_at, received_at, entry_id)) AS person_id, order_id,
            argMax(status, (issued_at, received_at, entry_id)) AS status,
            argMax(kind, (issued_at, received_at, entry_id)) AS kind, argMax(begins_at, (issued_at, received_at, entry_id)) AS begins_at,
            argMax(tuple(ends_at), (issued_at, received_at, entry_id)).1 AS ends_at
        FROM
        (
            SELECT person_id, order_id, entry_id, any(w.status) AS status, any(w.kind) AS kind, any(w.begins_at) AS begins_at,
                any(w.ends_at) AS ends_at, any(w.issued_at) AS issued_at, any(w.received_at) AS received_at,
                argMax((w.is_deleted, w.known_from, w.formerly), w.version) AS held
            FROM orders AS w
            WHERE w.order_id IN (SELECT order_id FROM orders PREWHERE person_id IN (SELECT person_id FROM people))
            GROUP BY person_id, order_id, entry_id
            HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
                OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                    AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
        )
        GROUP BY order_id
    )
    GROUP BY person_id
) AS o ON o.person_id = p.person_id
SETTINGS join_algorithm = 'hash'
