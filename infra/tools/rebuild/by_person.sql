SELECT toString(person_id) AS person,
    countIf(of_live) AS live_rows, countIf(NOT of_live) AS replayed_rows,
    sumIf(hash, of_live) AS live_hash, sumIf(hash, NOT of_live) AS replayed_hash
FROM
(
    SELECT true AS of_live, person_id, cityHash64(toString(tuple(*))) AS hash
    FROM {live:Identifier}.{table:Identifier} FINAL
    UNION ALL
    SELECT false AS of_live, person_id, cityHash64(toString(tuple(*))) AS hash
    FROM {replayed:Identifier}.{table:Identifier} FINAL
)
GROUP BY person_id
HAVING live_rows != replayed_rows OR live_hash != replayed_hash
ORDER BY person_id
LIMIT {max_people:UInt64}
