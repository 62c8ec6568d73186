SELECT at, kind, id, what, toString(person_id) AS person_id
FROM
(
    SELECT person_id, declared_at AS at, 'declaration' AS kind, toString(declaration_id) AS id,
        map('origin_code', origin_code, 'destination_code', destination_code, 'departure_at', formatDateTime(departure_at, '%FT%TZ'),
            'transport_mode', transport_mode, 'channel', channel, 'match_name', match_name, 'match_birth_date', match_birth_date,
            'match_sex', match_sex) AS what
    FROM declarations FINAL
    WHERE person_id = {person_id:String} AND declared_at >= {from:DateTime64(3)} AND declared_at < {to:DateTime64(3)}
    UNION ALL
    SELECT s.person_id, s.scanned_at AS at, 'scan' AS kind, toString(s.scan_id) AS id,
        map('checkpoint_id', s.checkpoint_id, 'direction', s.direction, 'shown_kind', s.shown_kind,
            'decision', v.decision, 'reasons', arrayStringConcat(v.reasons, ',')) AS what
    FROM
    (
        SELECT * FROM scans FINAL
        WHERE person_id = {person_id:String} AND scanned_at >= {from:DateTime64(3)} AND scanned_at < {to:DateTime64(3)}
    ) AS s
    LEFT JOIN
    (
        SELECT scan_id, decision, reasons FROM verdicts FINAL
        WHERE scan_id IN (SELECT scan_id FROM scans WHERE person_id = {person_id:String})
    ) AS v ON v.scan_id = s.scan_id
    UNION ALL
    SELECT person_id, toDateTime64(administered_on, 3, 'UTC') AS at, 'dose' AS kind, toString(entry_id) AS id,
        map('dose_number', toString(dose_number), 'product', product, 'facility', facility) AS what
    FROM vaccinations FINAL
    WHERE person_id = {person_id:String}
        AND toDateTime64(administered_on, 3, 'UTC') >= {from:DateTime64(3)} AND toDateTime64(administered_on, 3, 'UTC') < {to:DateTime64(3)}
    UNION ALL
    SELECT person_id, occurred_at AS at, concat('flag ', toString(state)) AS kind, toString(flag_id) AS id,
        map('rule', rule, 'reasons', arrayStringConcat(reasons, ','), 'causes', arrayStringConcat(causes, ',')) AS what
    FROM flags FINAL
    WHERE person_id = {person_id:String} AND occurred_at >= {from:DateTime64(3)} AND occurred_at < {to:DateTime64(3)}
)
ORDER BY at, kind, id
LIMIT {limit:UInt32}
