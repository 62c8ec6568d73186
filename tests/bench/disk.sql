SELECT sum(bytes_on_disk) AS bytes, count() AS parts,
    sumIf(rows, table = 'presences_by_place') AS rows_by_hour
FROM system.parts
WHERE active AND database = currentDatabase()
