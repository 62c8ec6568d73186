-- The documents to which stored declarations belong, and when each was declared at first.
SELECT toString(declaration_id) AS id, toString(document_key) AS document_key,
    min(declared_at) AS declared_at
FROM declarations_by_id
WHERE declaration_id IN (SELECT id FROM ids)
GROUP BY id, document_key
