SELECT
    toString(v.scan_id) AS id,
    map('decision', v.decision, 'reasons', arrayStringConcat(v.reasons, ',')) AS what
FROM verdicts AS v FINAL
PREWHERE v.scan_id IN {scan_ids:Array(UUID)}
