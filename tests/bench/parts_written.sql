SELECT
    sumIf(value, event = 'InsertQuery') AS inserts,
    sumIf(value, event = 'MergeTreeDataWriterBlocks') AS parts,
    sumIf(value, event = 'MergeTreeDataWriterRows') AS rows
FROM system.events
