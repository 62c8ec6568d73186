SELECT toString(person_id) FROM timeline WHERE kind = 'scan' AND at >= {since:DateTime64(3)}
    AND at < {until:DateTime64(3)}
GROUP BY person_id ORDER BY cityHash64(person_id) LIMIT {count:UInt32}
