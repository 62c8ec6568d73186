-- Everybody on a list that holds on the day, with what was reported of them, also under a pseudonym that a link has moved since (`names`).
SELECT toString(p.person_id) AS person_id, p.unit_code AS unit_code, p.generation AS generation, p.exposed_at AS exposed_at,
    p.last_exposed_at AS last_exposed_at, p.follow_until AS follow_until, arrayMap(one -> toString(one), p.case_ids) AS case_ids,
    r.today AS reported, r.symptoms AS symptoms, r.temperature_c AS temperature_c, r.before AS last_status
FROM followed_people AS p
LEFT JOIN
(
    SELECT if(n.known_as = '', toString(f.person_id), n.known_as) AS known_as,
        argMaxIf(f.status, (f.reported_at, f.received_at, f.event_id), f.day = {day:Date}) AS today,
        argMaxIf(f.symptoms, (f.reported_at, f.received_at, f.event_id), f.day = {day:Date}) AS symptoms,
        argMaxIf(tuple(f.temperature_c), (f.reported_at, f.received_at, f.event_id), f.day = {day:Date}).1 AS temperature_c,
        argMaxIf(f.status, (f.day, f.reported_at, f.received_at, f.event_id), f.day < {day:Date}) AS before
    FROM follow_ups AS f
    LEFT JOIN names AS n ON n.reported_as = toString(f.person_id)
    WHERE f.day <= {day:Date}
    GROUP BY known_as
) AS r ON r.known_as = toString(p.person_id)
WHERE p.exposed_at < {end:DateTime64(3)} AND p.follow_until >= {day:Date} AND ({any_unit:Bool} OR p.unit_code = {unit_code:String})
    AND ({any_area:Bool} OR p.unit_code IN {area:Array(String)})
ORDER BY generation, unit_code, person_id
