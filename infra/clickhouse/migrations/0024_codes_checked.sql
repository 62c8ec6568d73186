-- Our code held against the card that was shown beside it.
ALTER TABLE scans
    ADD COLUMN IF NOT EXISTS code_key String COMMENT 'Pseudonym of the document that our code is of, where another document was checked beside it; empty if none was' AFTER shown_kind,
    ADD COLUMN IF NOT EXISTS code_fault LowCardinality(String) COMMENT 'Why our code cannot be trusted: unreadable, key_unknown, key_revoked, signature_wrong; empty if it can' AFTER code_key
