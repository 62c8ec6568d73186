SELECT toString(person_id) AS person_id, status, onset_at, sampled_at, isolated_at
FROM cases FINAL
WHERE case_id = {case_id:UUID} AND received_at <= {known_at:DateTime64(3)}
ORDER BY reported_at DESC, entry_id DESC
LIMIT 1
