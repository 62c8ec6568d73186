-- A stay of a length counts by the time together while infectious; where one of the two is a
-- moment, by the time apart. People in another part of a place were somewhere else. Somebody known
-- only to have been at the place (`wider` levels up) may have been in any part.
-- The condition (`if`) stands in contacts_as_known.sql and in `passes_on` of chains.py too. Who
-- counts as well if the source is infectious only from `before` on was found earlier, and is left
-- out.
-- The order stands in contacts_as_known.sql and in `Contact.weakness` of contacts.py too.
SELECT s.query_number AS query_number, s.stay AS stay, s.wider AS wider, toString(b.part) AS part,
    toString(b.person_id) AS contact_id,
    toString(b.presence_id) AS presence_id, b.source AS source, b.granularity AS granularity,
    toUnixTimestamp64Milli(b.began_at) AS began, toUnixTimestamp64Milli(b.ended_at) AS ended,
    count() OVER (PARTITION BY query_number, stay) AS found
FROM presences_by_place AS b FINAL
-- Two stays may share several hours: the first of them stands for the pair. In the first hour of a
-- stay everybody counts who is there, in a later one only who comes then.
INNER JOIN hours AS s ON s.place = b.place AND s.hour = b.hour
    AND s.comes = (b.hour = toUInt32(intDiv(toUnixTimestamp(b.began_at), 3600)))
PREWHERE (b.place, b.hour) IN (SELECT place, hour FROM hours)
    AND b.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
    AND b.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
WHERE (b.distance_m IS NULL OR b.distance_m <= {distance:Float32})
    AND b.person_id != s.person_id
    AND (s.wider = 0 OR b.part = '')
    AND if(s.began = s.ended OR began = ended,
        greatest(s.began, began) - least(s.ended, ended) <= s.within
            AND greatest(s.began, began, least(s.ended, ended)) >= s.since
            AND greatest(s.began, began, least(s.ended, ended)) < s.before
            AND greatest(s.began, began) <= s.until,
        least(s.ended, ended, s.until) - greatest(s.began, began, s.since) >= {overlap:Int64}
            AND least(s.ended, ended, s.until) - greatest(s.began, began, s.before)
                < {overlap:Int64})
ORDER BY query_number, stay,
    greatest(s.began, began) - least(s.ended, ended) + s.uncertain
        + {uncertain:Array(Int64)}[indexOf({granularities:Array(String)}, b.granularity)]
            + if(s.wider = 0 AND b.part = '', 0, {somewhere:Int64}),
    presence_id
LIMIT {most:UInt32} BY query_number, stay
SETTINGS do_not_merge_across_partitions_select_final = 1, join_algorithm = 'hash'
