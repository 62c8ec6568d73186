-- Presences at posts come from scans, as they do in the product: a view writes them.
INSERT INTO scans (person_id, scan_id, document_key, declaration_id, shown_kind, checkpoint_id,
    direction, vehicle_key, team, scanned_at,
    received_at, known, match_name, match_birth_date, match_sex, reference_version, version,
    is_deleted)
SELECT pseudonym(person) AS person_id, reinterpretAsUUID(sipHash128(number, 'scan')) AS scan_id,
    person_id AS document_key,
    NULL AS declaration_id, 'card_qr' AS shown_kind,
    toString(choice % {posts:UInt64}) AS checkpoint_id,
    if(choice % 2 = 0, 'in', 'out') AS direction, '' AS vehicle_key,
    concat('team-', checkpoint_id) AS team,
    moment({month:UInt8}, cityHash64(number, 'scan moment')) AS scanned_at,
    scanned_at AS received_at, true AS known, 'equal' AS match_name,
    'equal' AS match_birth_date, 'equal' AS match_sex, 0 AS reference_version, -1 AS version,
    0 AS is_deleted
FROM
(
    SELECT number, cityHash64(number, 'scan person') % {people:UInt64} AS person,
        cityHash64(number, 'scan choice') AS choice
    FROM numbers({first:UInt64}, {rows:UInt64})
)
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, parallel_view_processing = 1,
    min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
