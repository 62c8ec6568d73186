SELECT document_key, declared_at
FROM declarations_by_id
WHERE declaration_id = {declaration_id:UUID}
ORDER BY version DESC
LIMIT 1 BY document_key
