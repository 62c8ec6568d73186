SELECT startsWith(engine, 'Replicated')
FROM system.tables
WHERE database = currentDatabase()
    AND name = 'positions'
