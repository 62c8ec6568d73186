-- Another case counts where its list had not ended before this case exposed them.
WITH toDate(minIf(p.exposed_at, p.case_id = {case_id:UUID}), 'Asia/Ho_Chi_Minh') AS exposed_on
SELECT toString(person_id) AS person_id, argMax(p.unit_code, p.issued_at) AS unit_code,
    arrayMap(other -> toString(other.1),
        arrayFilter(other -> other.1 != {case_id:UUID} AND other.2 >= exposed_on,
        groupUniqArray((p.case_id, p.follow_until)))) AS other_case_ids
FROM handover_people AS p FINAL
WHERE p.issue_id IN (SELECT issue_id FROM current_handovers WHERE people > 0)
    AND p.person_id IN (SELECT person_id FROM handover_people WHERE case_id = {case_id:UUID})
GROUP BY person_id
HAVING countIf(p.case_id = {case_id:UUID}) > 0
ORDER BY length(other_case_ids), unit_code, person_id
