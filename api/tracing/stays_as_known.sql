-- As stays.sql, as of `known_at`: what a link has moved since is still its earlier person's, and not yet its person's of today.
SELECT i.question AS question, toString(p.person_id) AS person_id, toString(p.presence_id) AS presence_id, p.source AS source, p.granularity AS granularity,
    p.place AS place, toUnixTimestamp64Milli(p.began_at) AS began, toUnixTimestamp64Milli(p.ended_at) AS ended
FROM
(
    SELECT k.person_id AS person_id, k.began_at AS began_at, k.place AS place, k.presence_id AS presence_id, any(k.source) AS source,
        any(k.granularity) AS granularity,
        any(k.ended_at) AS ended_at, any(k.distance_m) AS distance_m, argMax((k.is_deleted, k.known_from, k.formerly), k.version) AS held
    FROM presences AS k
    PREWHERE k.person_id IN (SELECT person_id FROM infectious)
        AND k.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
        AND k.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
    GROUP BY person_id, began_at, place, presence_id
) AS p
INNER JOIN infectious AS i ON i.person_id = p.person_id
WHERE ((held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
        OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
            AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3))
    AND (p.distance_m IS NULL OR p.distance_m <= {distance:Float32})
    AND ended + {slack:Int64} >= i.since
    AND began <= i.until
