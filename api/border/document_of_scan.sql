-- Each post waits for it: it reads one column by the key. Every scan has a verdict.
SELECT DISTINCT toString(scan_id) AS id, document_key
FROM verdicts
PREWHERE scan_id = {scan_id:UUID}
SETTINGS max_threads = 1
