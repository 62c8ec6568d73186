-- The documents to which stored scans belong, by the scan's id. Every scan has a verdict, and that
-- table has the scans' ids for its key. Verdicts of earlier releases have no document: their scans
-- have.
WITH known AS
(
    SELECT scan_id, document_key, person_id, scanned_at
    FROM verdicts
    WHERE scan_id IN (SELECT id FROM ids)
)
SELECT DISTINCT toString(scan_id) AS id, document_key
FROM
(
    SELECT scan_id, document_key FROM known WHERE document_key != ''
    UNION ALL
    SELECT scan_id, toString(document_key) AS document_key
    FROM scans
    WHERE (person_id, scanned_at, scan_id) IN
        (SELECT person_id, scanned_at, scan_id FROM known WHERE document_key = '')
)
