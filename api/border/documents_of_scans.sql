-- The documents to which stored scans belong, by the scan's id; empty where the verdict is one of
-- an earlier release. Every scan has a verdict, and that table has the scans' ids for its key.
SELECT DISTINCT toString(scan_id) AS id, document_key
FROM verdicts
WHERE scan_id IN (SELECT id FROM ids)
SETTINGS max_threads = 1
