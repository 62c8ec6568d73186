SELECT toString(person_id) FROM scans WHERE scanned_at >= {since:DateTime64(3)} AND scanned_at < {until:DateTime64(3)}
GROUP BY person_id ORDER BY cityHash64(person_id) LIMIT {count:UInt32}
