-- The stays lie in the whole span of the query: each person's own period lies within it. Rows of
-- one presence differ only in whose it is, and the newest holds. Few among many rows are told apart
-- here, which costs less than FINAL.
SELECT toString(p.person_id) AS person_id, toString(p.presence_id) AS presence_id,
    any(p.source) AS source,
    any(p.granularity) AS granularity, p.place AS place,
    toUnixTimestamp64Milli(p.began_at) AS began, toUnixTimestamp64Milli(any(p.ended_at)) AS ended
FROM presences AS p
PREWHERE p.person_id IN (SELECT person_id FROM people)
    AND p.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
    AND p.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
WHERE p.distance_m IS NULL OR p.distance_m <= {distance:Float32}
GROUP BY p.person_id, p.began_at, p.place, p.presence_id
HAVING argMax(p.is_deleted, p.version) = 0
