-- Everybody who is, or was, on a list (of the area): somebody who read it may report what was
-- found, also after the list was revised.
SELECT toString(p.person_id) AS person_id, min(p.exposed_at) AS exposed_at,
    max(p.last_exposed_at) AS last_exposed_at
FROM handover_people AS p
WHERE ({any_area:Bool} OR p.unit_code IN {area:Array(String)})
    AND ({anybody:Bool} OR p.person_id IN {people:Array(String)})
GROUP BY p.person_id
