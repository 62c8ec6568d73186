-- So much of a hand-over can be read: its issues, and the event that keeps its request.
SELECT (SELECT uniqExact(h.issue_id) FROM handover_issues AS h
    WHERE h.handover_id IN {handover_ids:Array(UUID)} AND h.issue_id IN {issue_ids:Array(UUID)})
    + (SELECT uniqExact(a.event_id) FROM handovers_asked AS a WHERE a.case_id = {case_id:UUID}
        AND a.event_id = {asked_id:UUID}) AS events
