CREATE TABLE dead_letter_settlements
(
    source_topic LowCardinality(String) COMMENT 'Where the record was read',
    source_partition UInt16 COMMENT 'Its partition',
    source_offset UInt64 COMMENT 'Its offset',
    outcome LowCardinality(String) COMMENT 'replayed, mended or discarded',
    settled_at DateTime64(3, 'UTC') COMMENT 'When',
    settled_by String COMMENT 'Who'
)
ENGINE = ReplacingMergeTree
ORDER BY (source_topic, source_partition, source_offset, settled_at)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'What became of dead letters'
