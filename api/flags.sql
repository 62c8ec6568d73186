SELECT toString(flag_id) AS flag_id, toString(person_id) AS person_id, rule, subject, toString(state) AS state, reasons, causes,
    occurred_at, raised_at, cleared_at, reference_version
FROM flags FINAL
WHERE ({rule:String} = '' OR rule = {rule:String})
    AND ({state:String} = '' OR toString(state) = {state:String})
    AND ({person_id:String} = '' OR person_id = toFixedString({person_id:String}, 32))
    AND occurred_at >= {since:DateTime64(3)}
    AND (person_id, flag_id) > (toFixedString({after_person:String}, 32), {after_flag:UUID})
ORDER BY person_id, flag_id
LIMIT {limit:UInt32}
