-- A scan whose id another document's scan has as well gets no verdict: it may be the other's.
SELECT
    toString(v.scan_id) AS id,
    map('decision', any(v.decision), 'reasons', arrayStringConcat(any(v.reasons), ',')) AS what
FROM verdicts AS v FINAL
PREWHERE v.scan_id IN {scan_ids:Array(UUID)}
GROUP BY v.scan_id
HAVING count() = 1
