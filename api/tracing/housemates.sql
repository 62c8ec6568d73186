-- Everybody of the households of the people asked about; an institution under one number is cut and counted like a crowd.
SELECT toString(a.person_id) AS source_id, toString(b.person_id) AS contact_id, toString(b.household_key) AS household_key,
    count() OVER (PARTITION BY a.person_id) AS found
FROM household_members AS b FINAL
INNER JOIN
(
    SELECT person_id, household_key
    FROM person_households FINAL
    WHERE person_id IN (SELECT person_id FROM infectious) AND received_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
) AS a ON a.household_key = b.household_key
WHERE b.household_key IN (SELECT household_key FROM person_households WHERE person_id IN (SELECT person_id FROM infectious))
    AND b.received_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
    AND b.person_id != a.person_id
ORDER BY source_id, contact_id
LIMIT {most:UInt32} BY source_id
