CREATE TABLE cases
(
    case_id UUID COMMENT 'The case (F0)',
    entry_id UUID COMMENT 'Id of the report',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    document_key FixedString(32) COMMENT 'Pseudonym of the document in the report',
    status LowCardinality(String) COMMENT 'confirmed or retracted',
    onset_at Nullable(DateTime64(3, 'UTC')) COMMENT 'First symptoms; null for a case without any',
    sampled_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the positive sample was taken',
    isolated_at Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on they could infect nobody else',
    reported_at DateTime64(3, 'UTC') COMMENT 'When the authority said so: of the reports on one case the latest holds',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it: known from then on',
    known Bool COMMENT 'Whether the register knows the document',
    match_name LowCardinality(String) COMMENT 'Reported name against the register: equal, near, different, unknown',
    match_birth_date LowCardinality(String) COMMENT 'Reported birth date against the register',
    match_sex LowCardinality(String) COMMENT 'Reported sex against the register',
    reference_version Int64 COMMENT 'Version of the reference data known when it was identified',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (case_id, entry_id, person_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every report on every case. Query with FINAL and a case, or the view current_cases';

CREATE VIEW current_cases
(
    case_id UUID COMMENT 'The case (F0)',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    status String COMMENT 'confirmed or retracted',
    onset_at Nullable(DateTime64(3, 'UTC')) COMMENT 'First symptoms; null for a case without any',
    sampled_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the positive sample was taken',
    isolated_at Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on they could infect nobody else',
    last_reported_at DateTime64(3, 'UTC') COMMENT 'Of the report that holds',
    reports UInt64 COMMENT 'How many there are'
)
AS SELECT case_id, argMax(person_id, (reported_at, entry_id)) AS person_id, argMax(status, (reported_at, entry_id)) AS status,
    argMax(tuple(onset_at), (reported_at, entry_id)).1 AS onset_at, argMax(tuple(sampled_at), (reported_at, entry_id)).1 AS sampled_at,
    argMax(tuple(isolated_at), (reported_at, entry_id)).1 AS isolated_at, max(reported_at) AS last_reported_at, count() AS reports
FROM cases FINAL
GROUP BY case_id
COMMENT 'Each case as the latest report says'
