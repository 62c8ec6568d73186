SELECT
    toString(person_id) AS person_id,
    checkpoint_id,
    decision,
    reasons,
    flag_ids,
    policy_id,
    reference_version,
    registered,
    scanned_at,
    received_at,
    decided_at,
    nullIf(certificate_grade, '') AS certificate_grade,
    nullIf(certificate_kind, '') AS certificate_kind,
    valid_until,
    register_as_of,
    zones_as_of,
    orders_as_of,
    nullIf(document_key, '') AS document_key
FROM verdicts FINAL
WHERE scan_id = {scan_id:UUID}
ORDER BY precedence DESC
