SELECT toString(person_id) AS person_id
FROM person_documents FINAL
WHERE document_key = {document_key:String}
ORDER BY indexOf(['register', 'card', 'paper_form'], toString(source))
LIMIT 1
