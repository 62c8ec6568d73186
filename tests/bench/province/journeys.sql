-- Presences in vehicles come from declared journeys, as they do in the product: a view writes
-- them. Twenty people share a vehicle.
INSERT INTO declarations (person_id, entry_id, declaration_id, document_key, declared_at,
    received_at, origin_code, destination_code,
    residence_code, departure_at, arrival_at, transport_mode, vehicle_key, symptoms, exposed,
    channel, known, match_name, match_birth_date,
    match_sex, reference_version, version, is_deleted)
SELECT pseudonym(person) AS person_id, reinterpretAsUUID(sipHash128(number, 'entry')) AS entry_id,
    reinterpretAsUUID(sipHash128(number, 'declaration')) AS declaration_id,
    person_id AS document_key,
    departure_at - toIntervalSecond(600 + choice % 86400) AS declared_at,
    declared_at AS received_at,
    toString(21000 + choice % 173) AS origin_code,
    toString(21000 + intDiv(choice, 173) % 173) AS destination_code,
    toString(21000 + person % 173) AS residence_code,
    moment({month:UInt8}, cityHash64(number, 'departure')) AS departure_at,
    departure_at + toIntervalSecond(3600 + choice % 7200) AS arrival_at, 'car' AS transport_mode,
    lower(hex(sipHash128(intDiv(person, 20), 'vehicle'))) AS vehicle_key, [] AS symptoms,
    false AS exposed, 'app' AS channel, true AS known,
    'equal' AS match_name, 'equal' AS match_birth_date, 'equal' AS match_sex,
    0 AS reference_version, -1 AS version, 0 AS is_deleted
FROM
(
    SELECT number, cityHash64(number, 'journey person') % {people:UInt64} AS person,
        cityHash64(number, 'journey choice') AS choice
    FROM numbers({first:UInt64}, {rows:UInt64})
)
SETTINGS optimize_on_insert = 0, max_insert_threads = 2, parallel_view_processing = 1,
    min_insert_block_size_rows = 125000,
    min_insert_block_size_bytes = 0
