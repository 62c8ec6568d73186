-- The register outranks a card, and a card outranks a paper form. Where a source named several
-- persons, the newest counts. A row that names nobody took back whatever was said before it.
SELECT toString(argMaxIf(person_id, version, NOT is_deleted)) AS person_id
FROM person_documents FINAL
WHERE document_key = {document_key:String}
GROUP BY source
HAVING countIf(NOT is_deleted) > 0
    AND maxIf(version, NOT is_deleted)
        >= maxIf(version, is_deleted AND person_documents.person_id = repeat('0', 32))
ORDER BY indexOf(['register', 'card', 'paper_form'], toString(source))
LIMIT 1
