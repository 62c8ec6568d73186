CREATE TABLE IF NOT EXISTS health_tests
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    entry_id UUID COMMENT 'Id of the result',
    document_key FixedString(32) COMMENT 'Pseudonym of the document in the result',
    kind LowCardinality(String) COMMENT 'rapid_antigen or rt_pcr',
    result LowCardinality(String) COMMENT 'positive or negative',
    sampled_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the sample was taken',
    resulted_at DateTime64(3, 'UTC') COMMENT 'When the result was issued; validity counts from here',
    laboratory LowCardinality(String) COMMENT 'Who made the test; empty if unknown',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    known Bool COMMENT 'Whether the register knows the document',
    match_name LowCardinality(String) COMMENT 'Name in the result against the register: equal, near, different, unknown',
    match_birth_date LowCardinality(String) COMMENT 'Birth date in the result against the register',
    match_sex LowCardinality(String) COMMENT 'Sex in the result against the register',
    reference_version Int64 COMMENT 'Version of the reference data known when it was identified',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, resulted_at, entry_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Results of tests for the virus (xét nghiệm). Query with FINAL and a person';

CREATE MATERIALIZED VIEW IF NOT EXISTS health_tests_to_timeline TO timeline AS
SELECT person_id, 'test' AS kind, entry_id AS id, resulted_at AS at,
    map('kind', health_tests.kind, 'result', result, 'laboratory', laboratory) AS what, version, is_deleted
FROM health_tests;

ALTER TABLE timeline COMMENT COLUMN kind 'declaration, scan, verdict, dose, test or flag'
