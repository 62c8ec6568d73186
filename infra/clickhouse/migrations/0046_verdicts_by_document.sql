-- Two doors may accept one scan id for two documents at the same moment: each keeps its verdict.
-- Rows of earlier releases have no document, and are one a scan as before.
ALTER TABLE verdicts
    ADD COLUMN IF NOT EXISTS document_key String
        COMMENT 'Pseudonym of the document scanned; empty in verdicts of earlier releases'
        AFTER person_id,
    MODIFY ORDER BY (scan_id, document_key)
