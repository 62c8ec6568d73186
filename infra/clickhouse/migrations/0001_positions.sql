CREATE TABLE positions
(
    stage LowCardinality(String) COMMENT 'Stage that writes here',
    topic LowCardinality(String) COMMENT 'Kafka topic',
    partition UInt16 COMMENT 'Partition of the topic',
    next_offset UInt64 COMMENT 'First offset not yet in the tables; the highest row of a partition holds',
    written_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When the batch before it was written'
)
ENGINE = ReplacingMergeTree(next_offset)
ORDER BY (stage, topic, partition)
COMMENT 'How far each partition has been written: kept with the effect, read back after a restart';
