SELECT at, kind, toString(t.id) AS id, what
FROM timeline AS t FINAL
PREWHERE t.person_id = {person_id:String}
WHERE at >= {from:DateTime64(3)} AND at < {to:DateTime64(3)}
ORDER BY at, kind, id
LIMIT {limit:UInt32}
