-- Of the month that is asked about.
INSERT INTO flags (person_id, flag_id, rule, subject, state, reasons, causes, occurred_at, raised_at, cleared_at, reference_version,
    version)
SELECT person_id, scan_id AS flag_id, 'no_valid_declaration' AS rule, toString(scan_id) AS subject, 'open' AS state,
    ['no_declaration'] AS reasons, [subject] AS causes, scanned_at AS occurred_at, received_at AS raised_at, NULL AS cleared_at,
    0 AS reference_version, 0 AS version
FROM scans
WHERE toYYYYMM(scanned_at) = 202108 AND cityHash64(scan_id) % {flagged_one_of:UInt64} = 0
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 1000000, min_insert_block_size_bytes = 0
