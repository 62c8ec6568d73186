-- The presences at the place and its parts, which have rows at the place too. Each row says how
-- many presences there are, and of how many people, also where the limit cuts them off.
SELECT person_id, place, presence_id, source, granularity, began_at, ended_at,
    count() OVER () AS found, uniqExact(person_id) OVER () AS people
FROM
(
    SELECT toString(person_id) AS person_id, if(part = '', place, toString(part)) AS place,
        toString(presence_id) AS presence_id, source,
        granularity, began_at, ended_at
    FROM presences_by_place FINAL
    WHERE presences_by_place.place = {place:String}
        AND hour >= intDiv(toUnixTimestamp({from:DateTime64(3)}), 3600)
        AND hour <= intDiv(toUnixTimestamp({to:DateTime64(3)}), 3600)
        AND began_at >= {from:DateTime64(3)} - INTERVAL 1 DAY AND began_at < {to:DateTime64(3)}
        AND ended_at >= {from:DateTime64(3)}
    LIMIT 1 BY person_id, presence_id
)
ORDER BY began_at, person_id, presence_id
LIMIT {limit:UInt32}
SETTINGS do_not_merge_across_partitions_select_final = 1
