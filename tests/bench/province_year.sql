INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, received_at, version, is_deleted)
SELECT lower(concat(hex(reinterpretAsFixedString(cityHash64(person))), hex(reinterpretAsFixedString(cityHash64(person, 7))))) AS person_id,
    toDateTime64('2021-01-01 00:00:00', 3, 'UTC') + toIntervalMonth({month:UInt8})
        + toIntervalSecond((moment % 28) * 86400 + 18000 + intDiv(moment, 28) % 57600) AS began_at,
    began_at + toIntervalSecond(multiIf(kind < 60, 1200 + choice % 5400, kind < 75, 0, kind < 80, 600 + choice % 1200, 3600 + choice % 7200)) AS ended_at,
    multiIf(
        kind < 60, concat('site:', toString((person * 7 + choice % 3) % 6000)),
        kind < 75, concat('post:', toString(choice % 30)),
        kind < 80, concat('site:hub-', toString(choice % 8)),
        concat('vehicle:', toString(intDiv(person, 20)))) AS place,
    reinterpretAsUUID(toUInt128(number)) AS presence_id, began_at AS received_at, -1 AS version, 0 AS is_deleted
FROM
(
    SELECT number, cityHash64(number, 1) % {people:UInt64} AS person, cityHash64(number, 3) AS moment, cityHash64(number, 4) AS choice,
        cityHash64(number, 5) % 100 AS kind
    FROM numbers({first:UInt64}, {rows:UInt64})
)
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, parallel_view_processing = 1, min_insert_block_size_rows = 1000000,
    min_insert_block_size_bytes = 0
