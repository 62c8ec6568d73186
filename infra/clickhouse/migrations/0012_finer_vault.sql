-- Traces look a few hundred scattered people up at a time: in coarse granules that read most of the table.
DROP TABLE IF EXISTS identity_vault_finer;

CREATE TABLE identity_vault_finer AS identity_vault
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, document_key, source, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 256
COMMENT 'The identity vault: the one table that says who a pseudonym is. Access is restricted';

INSERT INTO identity_vault_finer SELECT * FROM identity_vault;

EXCHANGE TABLES identity_vault_finer AND identity_vault;

DROP TABLE identity_vault_finer
