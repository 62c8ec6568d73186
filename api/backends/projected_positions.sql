-- How far each partition has been written into the tables.
SELECT topic, partition, next_offset
FROM positions
WHERE stage = 'project'
ORDER BY version DESC
LIMIT 1 BY topic, partition
