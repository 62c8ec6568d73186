SELECT topic, partition, next_offset, epoch, (cluster_id, topic_id) AS log_id, marks
FROM positions
WHERE stage = {stage:String}
ORDER BY version DESC
LIMIT 1 BY topic, partition
