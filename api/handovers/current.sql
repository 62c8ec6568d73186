SELECT toString(h.handover_id) AS handover_id, toString(h.issue_id) AS issue_id, revision, toString(h.case_id) AS case_id, unit_code, people,
    rules_id, depth, follow_days, unlisted, waiting_since, deadline_at, issued_at, issued_by, acknowledged_at, acknowledged_by, escalated_to,
    people > 0 AND r.received_at > greatest(a.asked_at, issued_at) AS outdated,
    multiIf(acknowledged_at IS NOT NULL, 'acknowledged', deadline_at < now64(3), 'overdue', 'waiting') AS state
FROM current_handovers AS h
LEFT JOIN (SELECT case_id, max(c.received_at) AS received_at FROM cases AS c GROUP BY case_id) AS r ON r.case_id = h.case_id
LEFT JOIN (SELECT case_id, max(q.asked_at) AS asked_at FROM handovers_asked AS q GROUP BY case_id) AS a ON a.case_id = h.case_id
WHERE ({any_case:Bool} OR h.case_id = {case_id:UUID})
    AND ({any_handover:Bool} OR h.handover_id = {handover_id:UUID})
    AND ({any_unit:Bool} OR unit_code = {unit_code:String} OR has(escalated_to, {unit_code:String}))
    AND ({any_area:Bool} OR unit_code IN {area:Array(String)})
    AND ({state:String} = '' OR state = {state:String})
ORDER BY issued_at DESC, people DESC, unit_code
LIMIT {limit:UInt32}
