-- As contacts.sql, as of `known_at`: what a link has moved since is still its earlier person's, and not yet its person's of today.
SELECT question, stay, contact_id, presence_id, source, granularity, began, ended, found
FROM
(
    SELECT s.question AS question, s.stay AS stay, toString(b.person_id) AS contact_id, toString(b.presence_id) AS presence_id, b.source AS source,
        b.granularity AS granularity, toUnixTimestamp64Milli(b.began_at) AS began, toUnixTimestamp64Milli(b.ended_at) AS ended,
        greatest(s.began, began) AS met_from, least(s.ended, ended) AS met_to,
        least(met_to, s.until) - greatest(met_from, s.since) AS together,
        s.uncertain + {uncertain:Array(Int64)}[indexOf({granularities:Array(String)}, b.granularity)] AS uncertain,
        count() OVER (PARTITION BY question, stay) AS found
    FROM
    (
        SELECT k.place AS place, k.hour AS hour, k.began_at AS began_at, k.person_id AS person_id, k.presence_id AS presence_id,
            any(k.source) AS source, any(k.granularity) AS granularity, any(k.ended_at) AS ended_at, any(k.distance_m) AS distance_m,
            argMax((k.is_deleted, k.known_from, k.formerly), k.version) AS held
        FROM presences_by_place AS k
        PREWHERE (k.place, k.hour) IN (SELECT place, hour FROM hours)
            AND k.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
            AND k.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
        GROUP BY place, hour, began_at, person_id, presence_id
    ) AS b
    INNER JOIN hours AS s ON s.place = b.place AND s.hour = b.hour
    WHERE ((held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
            OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
                AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3))
        AND (b.distance_m IS NULL OR b.distance_m <= {distance:Float32})
        AND b.person_id != s.person_id
        AND b.hour = greatest(s.first_hour, toUInt32(intDiv(toUnixTimestamp(b.began_at), 3600)))
        AND if(s.began = s.ended OR began = ended,
            met_from - met_to <= s.within AND greatest(met_from, met_to) >= s.since AND met_from <= s.until,
            together >= {overlap:Int64})
)
ORDER BY question, stay, met_from - met_to + uncertain, presence_id
LIMIT {most:UInt32} BY question, stay
