-- The same of scans whose verdicts are of earlier releases and name no document: the scans do.
SELECT DISTINCT toString(scan_id) AS id, toString(document_key) AS document_key
FROM scans
WHERE (person_id, scanned_at, scan_id) IN
(
    SELECT person_id, scanned_at, scan_id FROM verdicts WHERE scan_id IN (SELECT id FROM ids)
)
