-- Of each field the register's word, else the newest one that says anything.
SELECT toString(v.person_id) AS person_id,
    argMaxIf(v.full_name, (v.source = 'register', v.said_at), v.full_name != '') AS full_name,
    argMaxIf(v.birth_date, (v.source = 'register', v.said_at), v.birth_date != '') AS birth_date,
    argMaxIf(v.sex, (v.source = 'register', v.said_at), v.sex != '') AS sex,
    argMaxIf(v.phone, (v.source = 'register', v.said_at), v.phone != '') AS phone,
    argMaxIf(v.residence_code, (v.source = 'register', v.said_at), v.residence_code != '') AS residence_code,
    argMaxIf(v.residence_detail, (v.source = 'register', v.said_at), v.residence_detail != '') AS residence_detail,
    arraySort(groupUniqArrayIf(concat(v.document_kind, ' ', v.document_number), v.document_number != '')) AS documents,
    countIf(v.source = 'register') > 0 AS registered
FROM identity_vault AS v FINAL
WHERE v.person_id IN (SELECT person_id FROM people)
GROUP BY v.person_id
ORDER BY person_id
