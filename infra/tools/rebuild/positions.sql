SELECT topic, partition, max(next_offset) AS next_offset
FROM positions
WHERE stage = 'project'
GROUP BY topic, partition
