-- A trace says where the people it reached live; the vault is where it looks.
INSERT INTO identity_vault (person_id, document_key, source, entry_id, document_kind,
    document_number, full_name, birth_date, sex, phone,
    residence_code, residence_detail, vehicle_plate, said_at, version, is_deleted)
SELECT pseudonym(number) AS person_id, person_id AS document_key, 'register' AS source,
    '' AS entry_id, 'cccd' AS document_kind,
    leftPad(toString(51_000_000_000 + number), 12, '0') AS document_number,
    concat('Nguyễn Văn ', toString(number)) AS full_name,
    toString(toDate32('1940-01-01') + toInt32(cityHash64(number, 'birth') % 25000)) AS birth_date,
    if(number % 2 = 0, 'male', 'female') AS sex,
    concat('09', leftPad(toString(number), 8, '0')) AS phone,
    toString(21000 + number % 173) AS residence_code, '' AS residence_detail,
    '' AS vehicle_plate, toDateTime64('2021-01-01 00:00:00', 3, 'UTC') AS said_at, 0 AS version,
    0 AS is_deleted
FROM numbers({people:UInt64})
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
