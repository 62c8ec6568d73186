CREATE TABLE person_documents
(
    document_key FixedString(32) COMMENT 'Pseudonym of the document',
    source LowCardinality(String) COMMENT 'Who says so: register, card or paper_form',
    document_kind LowCardinality(String) COMMENT 'cccd, cmnd, bhyt, passport or paper_form; empty when unlinked',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    registered Bool COMMENT 'Whether the register knows the person',
    linked_at DateTime64(3, 'UTC') COMMENT 'Time of the event that said so',
    version Int64 COMMENT 'Offset of the link: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: the source no longer says so'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (document_key, source)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Which document belongs to whom, in pseudonyms. Query with FINAL';

CREATE TABLE identity_vault
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    document_key FixedString(32) COMMENT 'Pseudonym of the document',
    source LowCardinality(String) COMMENT 'register, card or paper_form for a link; declared for what was said at a door',
    entry_id String COMMENT 'Event that said so; empty for links',
    document_kind LowCardinality(String) COMMENT 'Kind of the document',
    document_number String COMMENT 'Number of the document (personal data)',
    full_name String COMMENT 'Name (personal data)',
    birth_date String COMMENT 'Birth date, as far as known (personal data)',
    sex LowCardinality(String) COMMENT 'Sex (personal data)',
    phone String COMMENT 'Phone number (personal data)',
    residence_code LowCardinality(String) COMMENT 'Unit code of residence or lodging',
    residence_detail String COMMENT 'House number, street, hamlet (personal data)',
    vehicle_plate String COMMENT 'Number plate (personal data)',
    said_at DateTime64(3, 'UTC') COMMENT 'When it was said',
    version Int64 COMMENT 'Of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: it no longer belongs to this person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, document_key, source, entry_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'The identity vault: the one table that says who a pseudonym is. Access is restricted';
