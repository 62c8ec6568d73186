-- The households of the people asked about have everybody whom the register ever had there, and
-- until when; 0 means that they live there.
SELECT toString(household_key) AS household_key,
    groupArrayIf(toString(person_id), person_id IN (SELECT person_id FROM people)) AS people,
    arraySort(groupArray((toString(person_id),
        ifNull(toUnixTimestamp64Milli(left.1), 0)))) AS members
FROM
(
    -- The newest word on each member holds. FINAL would cost more: few of many rows are asked for.
    SELECT household_key, person_id, argMax(tuple(left_at), version) AS left
    FROM household_members
    PREWHERE household_key IN (SELECT household_key FROM person_households
        PREWHERE person_id IN (SELECT person_id FROM people))
    GROUP BY household_key, person_id
)
GROUP BY household_key
