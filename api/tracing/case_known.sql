SELECT count() AS reports
FROM cases AS c
WHERE c.case_id = {case_id:UUID} AND ({any_report:Bool} OR c.entry_id = {entry_id:UUID})
