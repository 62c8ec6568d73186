SELECT toString(person_id) FROM presences WHERE began_at >= {since:DateTime64(3)}
    AND began_at < {until:DateTime64(3)}
GROUP BY person_id ORDER BY cityHash64(person_id) LIMIT {count:UInt32}
