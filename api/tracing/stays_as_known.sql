-- This is stays.sql as of `known_at`: what a link has reassigned since is still its earlier
-- person's, and not yet its person's of today.
SELECT toString(k.person_id) AS person_id, toString(k.presence_id) AS presence_id,
    any(k.source) AS source, any(k.granularity) AS granularity,
    k.place AS place, toUnixTimestamp64Milli(k.began_at) AS began,
    toUnixTimestamp64Milli(any(k.ended_at)) AS ended,
    argMax((k.is_deleted, k.known_from, k.formerly), k.version) AS held
FROM presences AS k
PREWHERE k.person_id IN (SELECT person_id FROM people)
    AND k.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
    AND k.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
WHERE k.distance_m IS NULL OR k.distance_m <= {distance:Float32}
GROUP BY k.person_id, k.began_at, k.place, k.presence_id
HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
    OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
        AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
