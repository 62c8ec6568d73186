SELECT c.reported_at AS at, toString(c.entry_id) AS id, toString(c.case_id) AS case_id, c.status AS status, c.onset_at AS onset_at,
    c.sampled_at AS sampled_at, c.isolated_at AS isolated_at
FROM cases AS c FINAL
WHERE c.person_id = {person_id:String} AND c.reported_at >= {from:DateTime64(3)} AND c.reported_at < {to:DateTime64(3)}
ORDER BY at, id
LIMIT {limit:UInt32}
