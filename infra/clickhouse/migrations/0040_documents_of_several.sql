-- A number corrected from one person to another is told of both, in any order: what a source takes back of the one leaves the other's.
CREATE TABLE IF NOT EXISTS person_documents_of_each
(
    document_key FixedString(32) COMMENT 'Pseudonym of the document',
    source LowCardinality(String) COMMENT 'Who says so: register, card or paper_form',
    document_kind LowCardinality(String) COMMENT 'cccd, cmnd, bhyt, passport or paper_form; empty when unlinked',
    person_id FixedString(32) COMMENT 'Pseudonym of the person; zeros where older records did not say whose it no longer is: whoever it was',
    registered Bool COMMENT 'Whether the register knows the person',
    linked_at DateTime64(3, 'UTC') COMMENT 'Time of the event that said so',
    version Int64 COMMENT 'Offset of the link: of rows with equal key the highest holds, and of several persons too',
    is_deleted UInt8 COMMENT '1: the source no longer says so of this person'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (document_key, source, person_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Which document belongs to whom, in pseudonyms. Query with FINAL and NOT is_deleted';

INSERT INTO person_documents_of_each (document_key, source, document_kind, person_id, registered, linked_at, version, is_deleted)
SELECT document_key, source, document_kind, person_id, registered, linked_at, version, is_deleted
FROM person_documents FINAL;

EXCHANGE TABLES person_documents_of_each AND person_documents;

DROP TABLE person_documents_of_each
