SELECT checkpoint_id, scanned_at, toString(scan_id) AS scan_id
FROM scans FINAL
WHERE person_id = {person_id:String} AND scanned_at >= {from:DateTime64(3)} AND scanned_at < {to:DateTime64(3)}
ORDER BY scanned_at, scan_id
LIMIT {limit:UInt32}
