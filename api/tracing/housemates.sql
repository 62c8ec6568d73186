-- Everybody of the households of the people asked about; an institution under one number is cut and counted like a crowd. Whoever has moved
-- out counts for a period that began before.
SELECT a.question AS question, toString(a.person_id) AS source_id, toString(b.person_id) AS contact_id,
    toString(b.household_key) AS household_key, count() OVER (PARTITION BY a.question, a.person_id) AS found,
    least(ifNull(toUnixTimestamp64Milli(a.left_at), {ever:Int64}), ifNull(toUnixTimestamp64Milli(b.left_at), {ever:Int64})) AS until
FROM household_members AS b FINAL
INNER JOIN
(
    SELECT i.question AS question, i.since AS since, h.person_id AS person_id, h.household_key AS household_key, h.left_at AS left_at
    FROM person_households AS h FINAL
    INNER JOIN infectious AS i ON i.person_id = h.person_id
    PREWHERE h.person_id IN (SELECT person_id FROM infectious)
    WHERE ifNull(toUnixTimestamp64Milli(h.left_at) >= i.since, true)
) AS a ON a.household_key = b.household_key
PREWHERE b.household_key IN (SELECT household_key FROM person_households PREWHERE person_id IN (SELECT person_id FROM infectious))
WHERE ifNull(toUnixTimestamp64Milli(b.left_at) >= a.since, true) AND b.person_id != a.person_id
ORDER BY question, source_id, contact_id
LIMIT {most:UInt32} BY question, source_id
SETTINGS join_algorithm = 'hash'
