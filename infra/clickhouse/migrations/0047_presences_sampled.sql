-- How many people were at a place in an hour is asked before they are listed. A sample of the
-- presences tells it: a row that comes again, or that a link moves to another person, is the same
-- row here, which no sum would know.
CREATE TABLE IF NOT EXISTS presences_sampled
(
    place String COMMENT 'Where, as kind:id',
    hour UInt32 COMMENT 'Hours since 1970 UTC; a stay has a row for each hour it touches',
    presence_id UUID COMMENT 'Id of the event that says so',
    comes UInt8 COMMENT '1: the presence begins in this hour; 0: it began before'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(toDateTime(hour * 3600, 'UTC'))
ORDER BY (place, hour, presence_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512
COMMENT 'One presence in 64, by place and hour. Filled by presences_by_place_to_presences_sampled';

CREATE MATERIALIZED VIEW IF NOT EXISTS presences_by_place_to_presences_sampled
TO presences_sampled AS
SELECT place, hour, presence_id, hour = toUInt32(intDiv(toUnixTimestamp(began_at), 3600)) AS comes
FROM presences_by_place
WHERE cityHash64(presence_id) % 64 = 0;

INSERT INTO presences_sampled (place, hour, presence_id, comes)
SELECT place, hour, presence_id, hour = toUInt32(intDiv(toUnixTimestamp(began_at), 3600)) AS comes
FROM presences_by_place
WHERE cityHash64(presence_id) % 64 = 0
