CREATE TABLE presences
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    began_at DateTime64(3, 'UTC') COMMENT 'From when they were there',
    ended_at DateTime64(3, 'UTC') COMMENT 'Until when; equal to began_at where only a moment is known, at most a day later',
    place String COMMENT 'Where, as kind:id: post:, vehicle: (pseudonym of the plate), site:, meeting:',
    presence_id UUID COMMENT 'Id of the event that says so',
    distance_m Nullable(Float32) COMMENT 'How far from the other person, in metres, where it was measured',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it: known from then on',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(began_at)
ORDER BY (person_id, began_at, place, presence_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512
COMMENT 'Who was where and when, from every source: what traces walk along. Query with FINAL and a person';

CREATE TABLE presences_by_place
(
    place String COMMENT 'Where, as kind:id',
    hour UInt32 COMMENT 'Hours since 1970 UTC; a stay has a row for each hour it touches',
    began_at DateTime64(3, 'UTC') COMMENT 'From when they were there',
    ended_at DateTime64(3, 'UTC') COMMENT 'Until when',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    presence_id UUID COMMENT 'Id of the event that says so',
    distance_m Nullable(Float32) COMMENT 'How far from the other person, in metres',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(began_at)
ORDER BY (place, hour, began_at, person_id, presence_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512
COMMENT 'The same presences by place and hour: who else was there. Filled by presences_to_presences_by_place';

CREATE MATERIALIZED VIEW presences_to_presences_by_place TO presences_by_place AS
SELECT place, arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at, ended_at, person_id, presence_id, distance_m, received_at, version, is_deleted
FROM presences;

CREATE MATERIALIZED VIEW scans_to_presences TO presences AS
SELECT person_id, scanned_at AS began_at, scanned_at AS ended_at,
    arrayJoin(if(vehicle_key = '', [concat('post:', checkpoint_id)], [concat('post:', checkpoint_id), concat('vehicle:', vehicle_key)])) AS place,
    scan_id AS presence_id, received_at, version, is_deleted
FROM scans;

CREATE MATERIALIZED VIEW declarations_to_presences TO presences AS
SELECT person_id, departure_at AS began_at,
    least(greatest(ifNull(arrival_at, departure_at), departure_at), departure_at + INTERVAL 1 DAY) AS ended_at,
    concat('vehicle:', vehicle_key) AS place, entry_id AS presence_id, received_at, version, is_deleted
FROM declarations
WHERE vehicle_key != '';

INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, received_at, version, is_deleted)
SELECT person_id, scanned_at AS began_at, scanned_at AS ended_at,
    arrayJoin(if(vehicle_key = '', [concat('post:', checkpoint_id)], [concat('post:', checkpoint_id), concat('vehicle:', vehicle_key)])) AS place,
    scan_id AS presence_id, received_at, version, is_deleted
FROM scans;

INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, received_at, version, is_deleted)
SELECT person_id, departure_at AS began_at,
    least(greatest(ifNull(arrival_at, departure_at), departure_at), departure_at + INTERVAL 1 DAY) AS ended_at,
    concat('vehicle:', vehicle_key) AS place, entry_id AS presence_id, received_at, version, is_deleted
FROM declarations
WHERE vehicle_key != ''
