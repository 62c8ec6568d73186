SELECT DISTINCT toString(person_id) FROM presences_by_place WHERE place = {place:String}
ORDER BY person_id
LIMIT {count:UInt32}
