-- As housemates.sql, by the newest word on each member that was known at `known_at`.
WITH known AS
(
    SELECT c.household_key AS household_key, c.person_id AS person_id, argMax(tuple(c.left_at), c.version).1 AS left_at
    FROM household_changes AS c
    PREWHERE c.household_key IN (SELECT household_key FROM person_households PREWHERE person_id IN (SELECT person_id FROM infectious))
    WHERE c.received_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
    GROUP BY household_key, person_id
)
SELECT a.question AS question, toString(a.person_id) AS source_id, toString(b.person_id) AS contact_id,
    toString(b.household_key) AS household_key, count() OVER (PARTITION BY a.question, a.person_id) AS found,
    least(ifNull(toUnixTimestamp64Milli(a.left_at), {ever:Int64}), ifNull(toUnixTimestamp64Milli(b.left_at), {ever:Int64})) AS until
FROM known AS b
INNER JOIN
(
    SELECT i.question AS question, i.since AS since, h.person_id AS person_id, h.household_key AS household_key, h.left_at AS left_at
    FROM known AS h
    INNER JOIN infectious AS i ON i.person_id = h.person_id
    WHERE ifNull(toUnixTimestamp64Milli(h.left_at) >= i.since, true)
) AS a ON a.household_key = b.household_key
WHERE ifNull(toUnixTimestamp64Milli(b.left_at) >= a.since, true) AND b.person_id != a.person_id
ORDER BY question, source_id, contact_id
LIMIT {most:UInt32} BY question, source_id
