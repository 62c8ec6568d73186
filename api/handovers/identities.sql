-- Each field has the register's word, else the newest one that states it. A document that its
-- source has given to another person since is not shown as theirs.
WITH held AS
(
    SELECT document_key, source, argMax(person_documents.person_id, version) AS person_id
    FROM person_documents FINAL
    WHERE NOT is_deleted
        AND document_key IN (SELECT document_key FROM identity_vault
        PREWHERE person_id IN (SELECT person_id FROM people))
    GROUP BY document_key, source
)
SELECT toString(v.person_id) AS person_id,
    argMaxIf(v.full_name, (v.source = 'register', v.said_at), v.full_name != '') AS full_name,
    argMaxIf(v.birth_date, (v.source = 'register', v.said_at), v.birth_date != '') AS birth_date,
    argMaxIf(v.sex, (v.source = 'register', v.said_at), v.sex != '') AS sex,
    argMaxIf(v.phone, (v.source = 'register', v.said_at), v.phone != '') AS phone,
    argMaxIf(v.residence_code, (v.source = 'register', v.said_at),
        v.residence_code != '') AS residence_code,
    argMaxIf(v.residence_detail, (v.source = 'register', v.said_at),
        v.residence_detail != '') AS residence_detail,
    arraySort(groupUniqArrayIf(concat(v.document_kind, ' ', v.document_number),
        v.document_number != '' AND
        (v.source = 'declared'
            OR (v.document_key, v.source, v.person_id) IN (SELECT document_key, source, person_id
            FROM held)))) AS documents,
    countIf(v.source = 'register') > 0 AS registered
FROM identity_vault AS v FINAL
WHERE v.person_id IN (SELECT person_id FROM people)
GROUP BY v.person_id
ORDER BY person_id
