SELECT
    toString(case_id) AS case_id,
    toString(person_id) AS person_id,
    status,
    onset_at,
    sampled_at,
    isolated_at,
    last_reported_at,
    reports
FROM current_cases
WHERE {status:String} = '' OR status = {status:String}
ORDER BY last_reported_at DESC, case_id
LIMIT {limit:UInt32}
