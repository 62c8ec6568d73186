SELECT DISTINCT toString(p.person_id) AS person_id
FROM followed_people AS p
WHERE {any_area:Bool} OR p.unit_code IN {area:Array(String)}
