CREATE TABLE flags
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    flag_id UUID COMMENT 'Derived from rule, person and subject',
    rule LowCardinality(String) COMMENT 'The rule that found it',
    subject String COMMENT 'What it is about: an entry id or a document pseudonym',
    state Enum8('open' = 1, 'cleared' = 2) COMMENT 'Whether it holds now',
    reasons Array(LowCardinality(String)) COMMENT 'Reason codes, most telling first',
    causes Array(String) COMMENT 'Ids of the events that caused it',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Time of the event it is about',
    raised_at DateTime64(3, 'UTC') COMMENT 'When it was first raised',
    cleared_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was cleared',
    reference_version Int64 COMMENT 'Version of the reference data it was judged by; -1 when cleared',
    version Int64 COMMENT 'Journal offset of the change: of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person_id, flag_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Findings, each in its present state. Query with FINAL';

CREATE TABLE flag_changes
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    flag_id UUID COMMENT 'The flag',
    version Int64 COMMENT 'Journal offset of the change',
    rule LowCardinality(String) COMMENT 'The rule',
    subject String COMMENT 'What it is about',
    state Enum8('open' = 1, 'cleared' = 2) COMMENT 'State after the change',
    reasons Array(LowCardinality(String)) COMMENT 'Reason codes',
    causes Array(String) COMMENT 'Ids of the events that caused it',
    occurred_at DateTime64(3, 'UTC') COMMENT 'Time of the event it is about',
    changed_at DateTime64(3, 'UTC') COMMENT 'When the entry that changed it was received'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, flag_id, version)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'The lifecycle of every flag: raised, changed, cleared. Filled by flags_to_flag_changes';

CREATE MATERIALIZED VIEW flags_to_flag_changes TO flag_changes AS
SELECT person_id, flag_id, version, rule, subject, state, reasons, causes, occurred_at, ifNull(cleared_at, raised_at) AS changed_at
FROM flags;

CREATE TABLE verdicts
(
    scan_id UUID COMMENT 'The scan it answers',
    person_id FixedString(32) COMMENT 'Pseudonym of the person the scan was ascribed to then',
    checkpoint_id LowCardinality(String) COMMENT 'The post',
    decision LowCardinality(String) COMMENT 'pass, check_papers, refer or turn_back',
    reasons Array(LowCardinality(String)) COMMENT 'Reason codes, most telling first',
    flag_ids Array(UUID) COMMENT 'Flags it rests on',
    policy_id LowCardinality(String) COMMENT 'The policy applied',
    reference_version Int64 COMMENT 'Version of the reference data',
    registered Bool COMMENT 'Whether the register knew the document',
    scanned_at DateTime64(3, 'UTC') COMMENT 'Time of the scan',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted the scan',
    decided_at DateTime64(3, 'UTC') COMMENT 'When the verdict was reached',
    precedence Int64 COMMENT 'Minus the offset in the verdicts topic: of two verdicts on one scan the first holds'
)
ENGINE = ReplacingMergeTree(precedence)
ORDER BY scan_id
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'One decision per scan';
