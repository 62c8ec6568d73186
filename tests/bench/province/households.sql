-- Four to a household, neighbours by their numbers.
INSERT INTO household_members (household_key, person_id, said_at, received_at, version)
SELECT lower(hex(sipHash128(intDiv(number, 4), 'household'))) AS household_key,
    pseudonym(number) AS person_id,
    toDateTime64('2021-01-01 00:00:00', 3, 'UTC') AS said_at, said_at AS received_at, 0 AS version
FROM numbers({people:UInt64})
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
