SELECT uniqExact(h.issue_id) AS issues
FROM handover_issues AS h
WHERE h.handover_id IN {handover_ids:Array(UUID)} AND h.issue_id IN {issue_ids:Array(UUID)}
