-- Everybody else who touched one of the places within one of its periods stands with these periods.
-- Of a period with very many people no more than `people` count: those who have most in common.
SELECT other, groupArray(period) AS periods
FROM
(
    SELECT other, period
    FROM
    (
        SELECT toString(b.person_id) AS other, groupUniqArray(w.period) AS touched
        FROM presences_by_place AS b FINAL
        INNER JOIN periods AS w ON w.place = b.place
        WHERE b.place IN (SELECT place FROM periods)
            AND b.hour >= (SELECT min(first_hour) FROM periods)
            AND b.hour <= (SELECT max(last_hour) FROM periods)
            AND b.hour >= w.first_hour AND b.hour <= w.last_hour
            AND toString(b.person_id) != {person_id:String}
        GROUP BY other
    )
    ARRAY JOIN touched AS period
    ORDER BY length(touched) DESC, other
    LIMIT {people:UInt32} BY period
)
GROUP BY other
SETTINGS do_not_merge_across_partitions_select_final = 1
