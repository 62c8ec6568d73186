SELECT a.question AS question
FROM handovers_asked AS a
WHERE a.case_id = {case_id:UUID}
ORDER BY a.asked_at DESC, a.event_id DESC
LIMIT 1
