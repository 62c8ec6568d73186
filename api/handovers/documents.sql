SELECT DISTINCT toString(v.person_id) AS person_id, toString(v.document_key) AS document_key
FROM identity_vault AS v FINAL
PREWHERE v.person_id IN (SELECT person_id FROM people)
