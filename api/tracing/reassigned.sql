-- The people who hold today what these people held in the period before a link reassigned it.
WITH moved AS
(
    SELECT k.person_id AS person_id, k.place AS place,
        toUInt32(intDiv(toUnixTimestamp(k.began_at), 3600)) AS hour, k.began_at AS began_at,
        k.presence_id AS presence_id
    FROM presences AS k
    PREWHERE k.person_id IN (SELECT person_id FROM people)
        AND k.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
        AND k.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
    GROUP BY person_id, began_at, place, presence_id
    HAVING argMax(k.is_deleted, k.version) = 1
)
SELECT p.query_number AS query_number, toString(p.person_id) AS person_id,
    toString(b.person_id) AS now_id
FROM presences_by_place AS b FINAL
INNER JOIN moved AS m ON m.place = b.place AND m.hour = b.hour AND m.began_at = b.began_at
    AND m.presence_id = b.presence_id
INNER JOIN people AS p ON p.person_id = m.person_id
PREWHERE (b.place, b.hour) IN (SELECT place, hour FROM moved)
    AND b.began_at >= fromUnixTimestamp64Milli({earliest:Int64}, 'UTC')
    AND b.began_at <= fromUnixTimestamp64Milli({latest:Int64}, 'UTC')
WHERE toUnixTimestamp64Milli(b.began_at) BETWEEN p.earliest AND p.latest
GROUP BY p.query_number, p.person_id, b.person_id
ORDER BY query_number, person_id, now_id
