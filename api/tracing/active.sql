SELECT uniq(person_id) AS people
FROM presences
WHERE began_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC') AND began_at <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
    AND known_from <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
