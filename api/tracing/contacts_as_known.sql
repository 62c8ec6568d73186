-- This is contacts.sql as of `known_at`: what a link has reassigned since is still its earlier
-- person's, and not yet its person's of today. What a presence says is the same in all its
-- versions, so the few that meet are picked first, and their versions are compared afterwards.
-- The condition (`if`) stands in contacts.sql and in `passes_on` of chains.py too, and what
-- `before` leaves out in contacts.sql.
-- The order (`weakness`) stands in contacts.sql and in `Contact.weakness` of contacts.py too.
SELECT query_number, stay, wider, part, contact_id, presence_id, source, granularity, began, ended,
    found
FROM
(
    SELECT query_number, stay, wider, part, contact_id, presence_id, any(said_by) AS source,
        any(known_to) AS granularity, began, ended,
        any(met_from - met_to + uncertain
            + if(wider = 0 AND part = '', 0, {somewhere:Int64})) AS weakness,
            argMax((is_deleted, known_from, formerly), version) AS held,
        count() OVER (PARTITION BY query_number, stay) AS found
    FROM
    (
        SELECT s.query_number AS query_number, s.stay AS stay, s.wider AS wider,
            toString(b.part) AS part,
            toString(b.person_id) AS contact_id, toString(b.presence_id) AS presence_id,
            b.source AS said_by, b.granularity AS known_to,
            toUnixTimestamp64Milli(b.began_at) AS began,
            toUnixTimestamp64Milli(b.ended_at) AS ended, greatest(s.began, began) AS met_from,
            least(s.ended, ended) AS met_to,
            least(met_to, s.until) - greatest(met_from, s.since) AS together,
            s.uncertain
                + {uncertain:Array(Int64)}[indexOf({granularities:Array(String)},
                b.granularity)] AS uncertain,
            b.is_deleted AS is_deleted, b.known_from AS known_from, b.formerly AS formerly,
            b.version AS version
        FROM presences_by_place AS b
        INNER JOIN hours AS s ON s.place = b.place AND s.hour = b.hour
            AND s.comes = (b.hour = toUInt32(intDiv(toUnixTimestamp(b.began_at), 3600)))
        PREWHERE (b.place, b.hour) IN (SELECT place, hour FROM hours)
            AND b.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
            AND b.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
        WHERE (b.distance_m IS NULL OR b.distance_m <= {distance:Float32})
            AND b.person_id != s.person_id
            AND (s.wider = 0 OR b.part = '')
            AND if(s.began = s.ended OR began = ended,
                met_from - met_to <= s.within AND greatest(met_from, met_to) >= s.since
                    AND greatest(met_from, met_to) < s.before AND met_from <= s.until,
                together >= {overlap:Int64}
                    AND least(met_to, s.until) - greatest(met_from, s.before) < {overlap:Int64})
    )
    GROUP BY query_number, stay, wider, part, contact_id, presence_id, began, ended
    HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
        OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
            AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
)
ORDER BY query_number, stay, weakness, presence_id
LIMIT {most:UInt32} BY query_number, stay
SETTINGS join_algorithm = 'hash'
