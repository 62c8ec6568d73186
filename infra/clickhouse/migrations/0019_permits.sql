CREATE TABLE IF NOT EXISTS reference_permits
(
    permit_id String COMMENT 'Number on the green lane permit (luồng xanh)',
    vehicle_key FixedString(32) COMMENT 'Pseudonym of the plate of the vehicle or tractor',
    trailer_key String COMMENT 'Pseudonym of the trailer plate; empty where there is none',
    crew_keys Array(String) COMMENT 'Pseudonyms of the documents of driver and mates; empty: anybody',
    roads Array(String) COMMENT 'Roads of the permitted route; empty: any',
    revoked_at Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on it is void',
    valid_from DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before, decrees apart; null: without end',
    version Int64 COMMENT 'Offset of the reference topic: of several words on one permit the highest holds',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (permit_id, version)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every word on every green lane permit';

CREATE TABLE IF NOT EXISTS reference_permit_extensions
(
    decision String COMMENT 'Number of the decree',
    ending_from DateTime64(3, 'UTC') COMMENT 'Permits that end from this instant',
    ending_to DateTime64(3, 'UTC') COMMENT 'until this one, both included',
    extended_to DateTime64(3, 'UTC') COMMENT 'hold until this one instead',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY version
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Decrees that extended green lane permits';

ALTER TABLE reference_policies
    ADD COLUMN IF NOT EXISTS parameters String DEFAULT '{}' COMMENT 'Every parameter of the policy, as JSON' AFTER decisions;

ALTER TABLE scans
    ADD COLUMN IF NOT EXISTS green_lane Bool DEFAULT false COMMENT 'Whether the vehicle used the green lane' AFTER vehicle_key,
    ADD COLUMN IF NOT EXISTS permit_id String DEFAULT '' COMMENT 'Number on the green lane permit that was shown' AFTER green_lane
