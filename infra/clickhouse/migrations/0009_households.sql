CREATE TABLE household_members
(
    household_key FixedString(32) COMMENT 'Pseudonym of the number of the household register',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    said_at DateTime64(3, 'UTC') COMMENT 'State of the register that says so',
    left_at Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the register that has the person there no longer; null: they live there',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted the row: known from then on',
    version Int64 COMMENT 'Of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (household_key, person_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128
COMMENT 'Who lives with whom, and who has moved out, as snapshots of the register have it. Query with FINAL and a household';

CREATE TABLE person_households
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    household_key FixedString(32) COMMENT 'Pseudonym of the number of the household register',
    left_at Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the register that has the person there no longer; null: they live there',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted the row: known from then on',
    version Int64 COMMENT 'Of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person_id, household_key)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128
COMMENT 'The same by person. Filled by household_members_to_person_households';

CREATE MATERIALIZED VIEW household_members_to_person_households TO person_households AS
SELECT person_id, household_key, left_at, received_at, version
FROM household_members
