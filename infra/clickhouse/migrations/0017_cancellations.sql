-- Declarations that were taken back or replaced, and what the register says of the declared residences.
CREATE TABLE IF NOT EXISTS cancellations
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    declaration_id UUID COMMENT 'The declaration that no longer counts',
    entry_id UUID COMMENT 'Id of the cancelling event',
    document_key FixedString(32) COMMENT 'Pseudonym of the document of the declaration',
    cancelled_at DateTime64(3, 'UTC') COMMENT 'From when on it does not count',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, declaration_id, entry_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Declarations that were cancelled. Query with FINAL';

ALTER TABLE declarations
    ADD COLUMN IF NOT EXISTS replaces Nullable(UUID) COMMENT 'The declaration that this one stands for from declared_at on' AFTER site_id,
    ADD COLUMN IF NOT EXISTS match_permanent LowCardinality(String) DEFAULT 'unknown' COMMENT 'Declared permanent residence against the register: equal, near (same district), different, unknown' AFTER match_sex,
    ADD COLUMN IF NOT EXISTS match_lodging LowCardinality(String) DEFAULT 'unknown' COMMENT 'Declared lodging against the registered temporary residence, likewise' AFTER match_permanent
