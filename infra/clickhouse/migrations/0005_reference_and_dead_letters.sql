CREATE TABLE reference_zones
(
    unit_code LowCardinality(String) COMMENT 'Province, district or commune code of 2021',
    level LowCardinality(String) COMMENT 'green, yellow, orange or red',
    valid_from DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    decision String COMMENT 'Number of the decision',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (unit_code, version)
COMMENT 'Every zone decision ever known';

CREATE TABLE reference_checkpoints
(
    checkpoint_id LowCardinality(String) COMMENT 'The post',
    name String COMMENT 'Name on the ground',
    unit_code LowCardinality(String) COMMENT 'Commune it stands in',
    road String COMMENT 'Road it controls',
    latitude Nullable(Float64) COMMENT 'WGS 84 degrees',
    longitude Nullable(Float64) COMMENT 'WGS 84 degrees',
    valid_from DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (checkpoint_id, version)
COMMENT 'Every description of a checkpoint ever known';

CREATE TABLE reference_policies
(
    policy_id LowCardinality(String) COMMENT 'Name and version of the policy',
    declaration_valid_hours UInt32 COMMENT 'How long a declaration counts',
    decisions Map(String, String) COMMENT 'Decision per rule whose flag is open at the scan',
    valid_from DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (policy_id, version)
COMMENT 'Every policy ever adopted';

CREATE TABLE dead_letters
(
    stage LowCardinality(String) COMMENT 'Stage that set it aside',
    source_topic LowCardinality(String) COMMENT 'Where it was read',
    source_partition UInt16 COMMENT 'Its partition',
    source_offset UInt64 COMMENT 'Its offset',
    kind LowCardinality(String) COMMENT 'poison or unexpected',
    reason String COMMENT 'Why, without personal data',
    schema_id Nullable(Int32) COMMENT 'Schema id of its frame, if it had one',
    record_key String COMMENT 'Key, raw (may hold personal data)',
    record_value String COMMENT 'Value, raw (may hold personal data)',
    failed_at DateTime64(3, 'UTC') COMMENT 'When the stage gave up on it'
)
ENGINE = ReplacingMergeTree
ORDER BY (source_topic, source_partition, source_offset, stage)
COMMENT 'Records that a stage could not use, whole. Access is restricted';
