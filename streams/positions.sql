SELECT topic, partition, max(next_offset)
FROM positions
WHERE stage = {stage:String}
GROUP BY topic, partition
