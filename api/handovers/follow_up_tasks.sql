-- People on lists that hold and have not ended. Somebody who was watched long ago, and is again, is
-- shown as of now.
SELECT toString(person_id) AS person_id, argMax(p.unit_code, p.issued_at) AS unit_code,
    min(p.generation) AS generation,
    min(p.exposed_at) AS exposed_at, max(p.last_exposed_at) AS last_exposed_at,
    max(p.follow_until) AS follow_until,
    arrayMap(listed_case -> toString(listed_case), groupUniqArray(p.case_id)) AS case_ids
FROM handover_people AS p FINAL
WHERE p.issue_id IN (SELECT issue_id FROM current_handovers WHERE people > 0)
    AND p.exposed_at < {end:DateTime64(3)} AND p.follow_until >= {day:Date}
GROUP BY person_id
HAVING ({any_unit:Bool} OR unit_code = {unit_code:String})
    AND ({any_area:Bool} OR unit_code IN {area:Array(String)})
ORDER BY generation, unit_code, person_id
