-- A post through which a million people pass in one day, each at a moment of their own.
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT pseudonym(number) AS person_id,
    {day:DateTime64(3)}
        + toIntervalMillisecond(cityHash64(number, 'passed') % 86400000) AS began_at,
    began_at AS ended_at, 'post:crowded' AS place,
    reinterpretAsUUID(sipHash128(number, 'passed')) AS presence_id, began_at AS known_from,
    -1 AS version, 0 AS is_deleted
FROM numbers({moments:UInt64})
SETTINGS max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
