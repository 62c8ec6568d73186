-- A factory whose people come within an hour, and stay for eight.
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT pseudonym(number) AS person_id,
    {day:DateTime64(3)}
        + toIntervalMillisecond(3600000 + cityHash64(number, 'came') % 3600000) AS began_at,
    began_at + INTERVAL 8 HOUR AS ended_at, 'site:factory' AS place,
    reinterpretAsUUID(sipHash128(number, 'worked')) AS presence_id, began_at AS known_from,
    -1 AS version, 0 AS is_deleted
FROM numbers({workers:UInt64})
SETTINGS max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
