SELECT toString(person_id)
FROM presences_by_place
WHERE place = {place:String} AND hour = intDiv(toUnixTimestamp({noon:DateTime64(3)}), 3600)
    AND person_id != {officer:String}
ORDER BY presence_id
LIMIT 1
