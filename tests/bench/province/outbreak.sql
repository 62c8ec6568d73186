-- Clusters (*ổ dịch*): whoever was at one of these sites on the first day of the week fell ill two
-- to seven days later.
INSERT INTO cases (case_id, entry_id, person_id, document_key, status, onset_at, sampled_at,
    isolated_at, reported_at, received_at, known,
    match_name, match_birth_date, match_sex, reference_version, version, is_deleted)
SELECT reinterpretAsUUID(sipHash128(person_id, 'case')) AS case_id, case_id AS entry_id, person_id,
    person_id AS document_key,
    'confirmed' AS status,
    min(began_at) + toIntervalHour(48 + cityHash64(person_id, 'onset') % 120) AS onset_at,
    onset_at + INTERVAL 1 DAY AS sampled_at, onset_at + INTERVAL 2 DAY AS isolated_at,
    isolated_at AS reported_at,
    isolated_at AS received_at, true AS known, 'equal' AS match_name, 'equal' AS match_birth_date,
    'equal' AS match_sex,
    0 AS reference_version, -1 AS version, 0 AS is_deleted
FROM presences_by_place
WHERE place IN (SELECT concat('site:', toString(number)) FROM numbers({clusters:UInt64}))
    AND began_at >= {since:DateTime64(3)} AND began_at < {since:DateTime64(3)} + INTERVAL 1 DAY
GROUP BY person_id
