-- Everybody else who touched one of the places within one of its periods stands with these periods.
SELECT toString(b.person_id) AS other, groupUniqArray(w.period) AS periods
FROM presences_by_place AS b FINAL
INNER JOIN periods AS w ON w.place = b.place
WHERE b.place IN (SELECT place FROM periods)
    AND b.hour >= (SELECT min(first_hour) FROM periods)
    AND b.hour <= (SELECT max(last_hour) FROM periods)
    AND b.hour >= w.first_hour AND b.hour <= w.last_hour
    AND toString(b.person_id) != {person_id:String}
GROUP BY other
SETTINGS do_not_merge_across_partitions_select_final = 1
