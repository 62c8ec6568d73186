-- Of somebody's other presences the scan or declaration that says them is in the timeline.
SELECT p.began_at AS at, toString(p.presence_id) AS id, p.place AS place, p.ended_at AS ended_at, p.granularity AS granularity
FROM presences AS p FINAL
PREWHERE p.person_id = {person_id:String} AND p.began_at >= {from:DateTime64(3)} AND p.began_at < {to:DateTime64(3)}
WHERE p.source IN ('report', 'site_declaration')
ORDER BY at, id
LIMIT {limit:UInt32}
