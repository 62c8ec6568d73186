-- The hours in which a place was too full for its people to be listed, and about how many were
-- there. `came` counts those of them who came in that hour. The sample has one presence in 64; it
-- holds nobody twice, whoever they were known to be.
SELECT h.query_number AS query_number, c.place AS place, c.hour AS hour, c.present AS present,
    c.came AS came
FROM
(
    SELECT place, hour, 64 * uniqExact(presence_id) AS present,
        64 * uniqExactIf(presence_id, comes = 1) AS came
    FROM presences_sampled
    PREWHERE (place, hour) IN (SELECT place, hour FROM hours)
    GROUP BY place, hour
    HAVING present > {most:UInt32}
) AS c
INNER JOIN hours AS h ON h.place = c.place AND h.hour = c.hour
SETTINGS join_algorithm = 'hash'
