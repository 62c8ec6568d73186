-- Every contact of a week, each pair of stays once: who met whom, from when to when, under rules
-- without a least time together.
CREATE TABLE week_contacts ENGINE = Memory AS
SELECT a.person_id AS person_id, b.person_id AS other_id,
    toUnixTimestamp64Milli(greatest(a.began_at, b.began_at)) AS met_from,
    toUnixTimestamp64Milli(least(a.ended_at, b.ended_at)) AS left,
    greatest(met_from, left) AS met_to
FROM
(
    SELECT person_id, place, began_at, ended_at,
        transform(
            splitByChar(':', place)[1], {kinds:Array(String)}, {apart_s:Array(UInt32)}, 0
        ) AS within_s,
        toUInt32(intDiv(toUnixTimestamp(began_at) - within_s, 3600)) AS first_hour,
        arrayJoin(range(
            first_hour, toUInt32(intDiv(toUnixTimestamp(ended_at) + within_s, 3600)) + 1
        )) AS hour
    FROM presences FINAL
    WHERE began_at >= {since:DateTime64(3)} - INTERVAL 26 HOUR AND began_at <= {until:DateTime64(3)}
        AND (distance_m IS NULL OR distance_m <= {distance_m:Float32})
) AS a
INNER JOIN
(
    SELECT person_id, place, hour, began_at, ended_at
    FROM presences_by_place FINAL
    WHERE began_at >= {since:DateTime64(3)} - INTERVAL 26 HOUR AND began_at <= {until:DateTime64(3)}
        AND (distance_m IS NULL OR distance_m <= {distance_m:Float32})
) AS b ON a.place = b.place AND a.hour = b.hour
WHERE a.person_id < b.person_id
    -- Two stays may share several hours: the first of them stands for the pair.
    AND b.hour = greatest(a.first_hour, toUInt32(intDiv(toUnixTimestamp(b.began_at), 3600)))
    -- A stay of a length counts by the time together; where one of the two is a moment, by the
    -- time apart.
    AND met_from - left <= if(
        a.began_at = a.ended_at OR b.began_at = b.ended_at, 1000 * toInt64(within_s), 0
    )
    AND met_to >= toUnixTimestamp64Milli({since:DateTime64(3)})
    AND met_from <= toUnixTimestamp64Milli({until:DateTime64(3)})
