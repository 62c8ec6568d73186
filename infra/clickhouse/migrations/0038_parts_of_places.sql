-- Whoever was in a part of a place (`site:market/stall-3`) was at the place: they have rows there too, with the part beside.
ALTER TABLE presences_by_place
    ADD COLUMN IF NOT EXISTS part LowCardinality(String)
        COMMENT 'The part of the place they were in, itself a place with rows of its own; empty: this is all that was told' AFTER place;

CREATE MATERIALIZED VIEW IF NOT EXISTS presences_to_presences_by_wider_place TO presences_by_place AS
SELECT arrayJoin(arrayMap(depth -> arrayStringConcat(arraySlice(splitByChar('/', presences.place), 1, depth), '/'),
        range(1, length(splitByChar('/', presences.place))))) AS place,
    presences.place AS part,
    arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at, ended_at, person_id, presence_id, source, granularity, distance_m, known_from, formerly, version, is_deleted
FROM presences
WHERE position(presences.place, '/') > 0;

INSERT INTO presences_by_place
    (place, part, hour, began_at, ended_at, person_id, presence_id, source, granularity, distance_m, known_from, formerly, version, is_deleted)
SELECT arrayJoin(arrayMap(depth -> arrayStringConcat(arraySlice(splitByChar('/', presences.place), 1, depth), '/'),
        range(1, length(splitByChar('/', presences.place))))) AS place,
    presences.place AS part,
    arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at, ended_at, person_id, presence_id, source, granularity, distance_m, known_from, formerly, version, is_deleted
FROM presences
WHERE position(presences.place, '/') > 0
