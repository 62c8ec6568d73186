-- This is housemates.sql by the newest word on each member that was known at `known_at`.
SELECT toString(household_key) AS household_key,
    groupArrayIf(toString(person_id), person_id IN (SELECT person_id FROM people)) AS people,
    arraySort(groupArray((toString(person_id),
        ifNull(toUnixTimestamp64Milli(left.1), 0)))) AS members
FROM
(
    SELECT household_key, person_id, argMax(tuple(left_at), version) AS left
    FROM household_changes
    PREWHERE household_key IN (SELECT household_key FROM person_households
        PREWHERE person_id IN (SELECT person_id FROM people))
    WHERE received_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
    GROUP BY household_key, person_id
)
GROUP BY household_key
