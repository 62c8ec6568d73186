ALTER TABLE identity_vault
    ADD COLUMN IF NOT EXISTS known_from DateTime64(3, 'UTC') DEFAULT said_at
        COMMENT 'From when it was known to be the person''s: when the door accepted it, or the link that leads here' AFTER said_at,
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it; kept also where is_deleted' AFTER known_from;

CREATE TABLE IF NOT EXISTS residence_changes
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    document_key FixedString(32) COMMENT 'Pseudonym of the document with which the register had the person',
    version Int64 COMMENT 'Of what the register had said with a document the highest held',
    residence_code LowCardinality(String) COMMENT 'Unit code of the residence; empty: the register had none',
    said_at DateTime64(3, 'UTC') COMMENT 'State of the register that said so',
    known_from DateTime64(3, 'UTC') COMMENT 'When the door accepted what says so: known from then on'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, document_key, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'Everything the register ever said of who resides where, for answers as they would have been given earlier. Filled by identity_vault_to_residence_changes';

CREATE MATERIALIZED VIEW IF NOT EXISTS identity_vault_to_residence_changes TO residence_changes AS
SELECT person_id, document_key, version, residence_code, said_at, known_from
FROM identity_vault
WHERE source = 'register';

INSERT INTO residence_changes (person_id, document_key, version, residence_code, said_at, known_from)
SELECT person_id, document_key, version, residence_code, said_at, known_from
FROM identity_vault
WHERE source = 'register'
