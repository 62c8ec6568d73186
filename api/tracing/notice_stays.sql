SELECT place, began_at, ended_at
FROM presences FINAL
WHERE person_id = {person_id:String} AND began_at >= {since:DateTime64(3)} - INTERVAL 1 DAY
    AND began_at <= {until:DateTime64(3)}
    AND ended_at >= {since:DateTime64(3)}
ORDER BY began_at, place
SETTINGS do_not_merge_across_partitions_select_final = 1
