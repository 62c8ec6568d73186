SELECT toString(p.person_id) AS person_id, p.unit_code AS unit_code, p.generation AS generation, p.exposed_at AS exposed_at,
    p.last_exposed_at AS last_exposed_at, p.follow_until AS follow_until, arrayMap(one -> toString(one), p.case_ids) AS case_ids
FROM followed_people AS p
WHERE p.exposed_at < {end:DateTime64(3)} AND p.follow_until >= {day:Date} AND ({any_unit:Bool} OR p.unit_code = {unit_code:String})
    AND ({any_area:Bool} OR p.unit_code IN {area:Array(String)})
ORDER BY generation, unit_code, person_id
