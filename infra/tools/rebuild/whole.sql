-- A row's hash is of its text: a hash of columns would be NULL where one of them is.
-- Sums, unlike XOR, see a row that is there twice.
SELECT countIf(of_live) AS live_rows, countIf(NOT of_live) AS replayed_rows,
    sumIf(hash, of_live) AS live_hash, sumIf(hash, NOT of_live) AS replayed_hash
FROM
(
    SELECT true AS of_live, cityHash64(toString(tuple(*))) AS hash
    FROM {live:Identifier}.{table:Identifier} FINAL
    UNION ALL
    SELECT false AS of_live, cityHash64(toString(tuple(*))) AS hash
    FROM {replayed:Identifier}.{table:Identifier} FINAL
)
