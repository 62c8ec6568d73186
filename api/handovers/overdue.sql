-- Each committee above is told one deadline later than the one below it.
SELECT toString(handover_id) AS handover_id, toString(issue_id) AS issue_id, unit_code, escalated_to
FROM current_handovers
WHERE acknowledged_at IS NULL AND deadline_at < now64(3) AND unit_code != ''
    AND length(escalated_to) < 2
    AND now64(3) >= addMilliseconds(waiting_since,
        dateDiff('millisecond', waiting_since, deadline_at) * (1 + length(escalated_to)))
