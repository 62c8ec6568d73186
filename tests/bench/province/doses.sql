-- Two for everybody, four weeks apart.
INSERT INTO vaccinations (person_id, entry_id, document_key, dose_number, product, facility,
    administered_on, received_at, known,
    match_name, match_birth_date, match_sex, reference_version, version, is_deleted)
SELECT pseudonym(intDiv(number, 2)) AS person_id,
    reinterpretAsUUID(sipHash128(number, 'dose')) AS entry_id, person_id AS document_key,
    number % 2 + 1 AS dose_number, 'AstraZeneca' AS product,
    concat('facility-', toString(intDiv(number, 2) % 173)) AS facility,
    toDate32('2021-04-01')
        + toInt32(cityHash64(intDiv(number, 2), 'dose') % 200 + number % 2 * 28) AS administered_on,
    toDateTime64(administered_on, 3, 'UTC') AS received_at, true AS known, 'equal' AS match_name,
    'equal' AS match_birth_date,
    'equal' AS match_sex, 0 AS reference_version, -1 AS version, 0 AS is_deleted
FROM numbers({people:UInt64} * 2)
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
