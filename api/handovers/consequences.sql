SELECT toString(person_id) AS person_id, unit_code, arrayMap(one -> toString(one), arrayFilter(one -> one != {case_id:UUID}, case_ids)) AS other_case_ids
FROM followed_people
WHERE has(case_ids, {case_id:UUID})
ORDER BY length(other_case_ids), unit_code, person_id
