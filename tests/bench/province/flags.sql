-- Of the month that is asked about.
INSERT INTO flags (person_id, flag_id, rule, subject, state, reasons, causes, occurred_at,
    raised_at, cleared_at, reference_version,
    version)
SELECT person_id, presence_id AS flag_id, 'no_valid_declaration' AS rule,
    toString(presence_id) AS subject, 'open' AS state,
    ['no_declaration'] AS reasons, [subject] AS causes, began_at AS occurred_at,
    known_from AS raised_at, NULL AS cleared_at,
    0 AS reference_version, 0 AS version
FROM presences
WHERE toYYYYMM(began_at) = 202108 AND startsWith(place, 'post:')
    AND cityHash64(presence_id) % {flagged_one_of:UInt64} = 0
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
