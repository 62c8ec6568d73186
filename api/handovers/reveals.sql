SELECT toString(r.person_id) AS person_id, r.revealed_at AS revealed_at, r.account AS account,
    r.role AS role, r.purpose AS purpose,
    toString(r.handover_id) AS handover_id, r.question AS question,
    toString(r.request_id) AS request_id
FROM reveals AS r FINAL
WHERE ({person_id:String} = '' OR r.person_id = {person_id:String})
    AND ({account:String} = '' OR r.account = {account:String})
ORDER BY revealed_at DESC, person_id
LIMIT {limit:UInt32}
