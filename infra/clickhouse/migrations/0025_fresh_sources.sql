-- How fresh the sources are, and what a verdict says of it.
CREATE TABLE IF NOT EXISTS reference_sources
(
    source LowCardinality(String) COMMENT 'What was brought up to date: register, zones or orders',
    valid_from DateTime64(3, 'UTC') COMMENT 'State of the source that is known since',
    valid_to Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when that counts as fresh; null: until the next',
    version Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (source, version)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'When what the system knows of a source was brought up to date with it';

ALTER TABLE verdicts
    ADD COLUMN IF NOT EXISTS valid_until Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when the decision may be relied on; null: not told' AFTER certificate_kind,
    ADD COLUMN IF NOT EXISTS register_as_of Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the population register it rests on; null: not fresh at the scan' AFTER valid_until,
    ADD COLUMN IF NOT EXISTS zones_as_of Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the levels of zones it rests on; null: not fresh at the scan' AFTER register_as_of,
    ADD COLUMN IF NOT EXISTS orders_as_of Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the orders it rests on; null: not fresh at the scan' AFTER zones_as_of
