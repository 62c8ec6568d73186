-- A position says which log it is of: an offset alone means something else in another log.
-- Positions of earlier releases have no log; they fit any log in which their offset can lie.
ALTER TABLE positions
    ADD COLUMN IF NOT EXISTS version UInt64 DEFAULT next_offset
        COMMENT 'epoch * 2^48 + next_offset; the highest row of a partition holds'
        AFTER next_offset,
    ADD COLUMN IF NOT EXISTS epoch UInt32 DEFAULT 0
        COMMENT 'Epoch of the log: one begins whenever a log is adopted'
        AFTER version,
    ADD COLUMN IF NOT EXISTS cluster_id String DEFAULT ''
        COMMENT 'Id that Kafka gave the cluster; empty in positions of earlier releases'
        AFTER epoch,
    ADD COLUMN IF NOT EXISTS topic_id String DEFAULT ''
        COMMENT 'Id that Kafka gave the topic: a topic made anew has another one'
        AFTER cluster_id,
    ADD COLUMN IF NOT EXISTS marks Array(Tuple(Int64, Int64, UInt32)) DEFAULT []
        COMMENT 'Records that were read: offset, time in milliseconds, CRC-32 of the value'
        AFTER topic_id,
    MODIFY COLUMN next_offset UInt64 COMMENT 'First offset not yet in the tables';

-- Within an epoch, and from one to the next, the row with the highest version is the newest.
DROP TABLE IF EXISTS positions_by_version;

CREATE TABLE positions_by_version AS positions
ENGINE = ReplacingMergeTree(version)
ORDER BY (stage, topic, partition)
COMMENT 'How far each partition has been written: kept with the effect, read back after a restart';

-- Positions from before a rebuild have its earlier generation, which the constraint would refuse.
INSERT INTO positions_by_version (* EXCEPT(generation))
SELECT * EXCEPT(generation)
FROM positions;

EXCHANGE TABLES positions AND positions_by_version;

DROP TABLE IF EXISTS positions_by_version
