-- Of the month that is asked about.
-- Some scans are of somebody without a valid declaration: the same ones as in flags.sql.
INSERT INTO verdicts (scan_id, person_id, checkpoint_id, decision, reasons, flag_ids, policy_id,
    reference_version, registered, scanned_at,
    received_at, decided_at, precedence)
SELECT presence_id AS scan_id, person_id, substring(place, 6) AS checkpoint_id,
    if(flagged, 'refer', 'pass') AS decision,
    if(flagged, ['no_declaration'], []) AS reasons, if(flagged, [scan_id], []) AS flag_ids,
    'default' AS policy_id, 0 AS reference_version,
    true AS registered, began_at AS scanned_at, known_from AS received_at,
    known_from AS decided_at, 0 AS precedence
FROM (SELECT *, cityHash64(presence_id) % {flagged_one_of:UInt64} = 0 AS flagged FROM presences)
WHERE toYYYYMM(began_at) = 202108 AND startsWith(place, 'post:')
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
