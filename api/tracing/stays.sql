-- Of the whole span that the question is about: each person's own period lies within it.
SELECT toString(p.person_id) AS person_id, toString(p.presence_id) AS presence_id, p.source AS source, p.granularity AS granularity,
    p.place AS place, toUnixTimestamp64Milli(p.began_at) AS began, toUnixTimestamp64Milli(p.ended_at) AS ended
FROM presences AS p FINAL
PREWHERE p.person_id IN (SELECT person_id FROM people)
    AND p.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
    AND p.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
WHERE p.distance_m IS NULL OR p.distance_m <= {distance:Float32}
SETTINGS do_not_merge_across_partitions_select_final = 1
