-- Everybody has three sites of their own; a stay in thirteen is at one of the hubs, which are
-- crowded.
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT pseudonym(person) AS person_id,
    moment({month:UInt8}, cityHash64(number, 'stay began')) AS began_at,
    began_at + toIntervalSecond(if(at_hub, 600 + choice % 1200, 1200 + choice % 5400)) AS ended_at,
    if(at_hub, concat('site:hub-', toString(choice % {hubs:UInt64})),
        concat('site:', toString((person * 7 + choice % 3) % {sites:UInt64}))) AS place,
    reinterpretAsUUID(sipHash128(number, 'stay')) AS presence_id, began_at AS known_from,
    -1 AS version, 0 AS is_deleted
FROM
(
    SELECT number, cityHash64(number, 'stay person') % {people:UInt64} AS person,
        cityHash64(number, 'stay choice') AS choice,
        cityHash64(number, 'stay kind') % 13 = 0 AS at_hub
    FROM numbers({first:UInt64}, {rows:UInt64})
)
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, parallel_view_processing = 1,
    min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
