-- Whoever is, or was, on a list of the area: who read it may say what was found, also after the list was revised.
SELECT DISTINCT toString(p.person_id) AS person_id
FROM handover_people AS p
WHERE {any_area:Bool} OR p.unit_code IN {area:Array(String)}
