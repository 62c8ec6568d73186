SELECT toString(h.issue_id) AS issue_id, max(h.issued_at) AS at,
    h.issue_id IN (SELECT r.issue_id FROM handover_acknowledgements AS r
        WHERE r.handover_id = {handover_id:UUID}) AS acknowledged
FROM handover_issues AS h
WHERE h.handover_id = {handover_id:UUID}
GROUP BY h.issue_id
ORDER BY at, issue_id
