SELECT toString(h.handover_id) AS handover_id, toString(h.issue_id) AS issue_id, revision,
    toString(h.case_id) AS case_id, unit_code, people,
    rules_id, depth, follow_days, unlisted, waiting_since, deadline_at, issued_at, issued_by,
    acknowledged_at, acknowledged_by, escalated_to,
    (people > 0 OR r.status = 'confirmed')
        AND a.report_id != toUUID('00000000-0000-0000-0000-000000000000')
        AND a.report_id != r.report_id
        AS outdated,
    multiIf(acknowledged_at IS NOT NULL, 'acknowledged', deadline_at < now64(3), 'overdue',
        'waiting') AS state
FROM current_handovers AS h
LEFT JOIN
(
    SELECT case_id, argMax(c.entry_id, (c.reported_at, c.received_at, c.entry_id)) AS report_id,
        argMax(c.status, (c.reported_at, c.received_at, c.entry_id)) AS status
    FROM cases AS c
    WHERE {any_case:Bool} OR c.case_id = {case_id:UUID}
    GROUP BY case_id
) AS r ON r.case_id = h.case_id
LEFT JOIN
(
    SELECT case_id, argMax(q.report_id, (q.asked_at, q.event_id)) AS report_id
    FROM handovers_asked AS q
    WHERE {any_case:Bool} OR q.case_id = {case_id:UUID}
    GROUP BY case_id
) AS a ON a.case_id = h.case_id
WHERE ({any_case:Bool} OR h.case_id = {case_id:UUID})
    AND ({any_handover:Bool} OR h.handover_id = {handover_id:UUID})
    AND ({any_unit:Bool} OR unit_code = {unit_code:String} OR has(escalated_to, {unit_code:String}))
    AND ({any_area:Bool} OR unit_code IN {area:Array(String)})
    AND ({state:String} = '' OR state = {state:String})
ORDER BY issued_at DESC, people DESC, unit_code
LIMIT {limit:UInt32}
