-- What an analyst would write next: generations by a recursive common table expression.
WITH RECURSIVE chain AS
(
    SELECT toFixedString({person:String}, 32) AS person_id, {since:DateTime64(3)} AS exposed_at,
        0 AS generation
    UNION ALL
    SELECT b.person_id, greatest(a.began_at, b.began_at, c.exposed_at), c.generation + 1
    FROM chain AS c
    INNER JOIN presences AS a ON a.person_id = c.person_id
    INNER JOIN presences AS b ON b.place = a.place
    WHERE c.generation < 2 AND b.person_id != a.person_id
        AND a.began_at <= {until:DateTime64(3)} AND a.ended_at >= c.exposed_at
        AND b.began_at <= a.ended_at AND b.ended_at >= a.began_at AND b.ended_at >= c.exposed_at
        AND b.began_at BETWEEN {since:DateTime64(3)} - INTERVAL 1 DAY AND {until:DateTime64(3)}
)
SELECT person_id, min(generation) FROM chain GROUP BY person_id
