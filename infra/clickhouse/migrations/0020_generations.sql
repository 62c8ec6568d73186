-- A writer whose batch began before a rebuild swapped the tables must not move the position after it: its rows may be in the old ones.
ALTER TABLE positions
    ADD COLUMN IF NOT EXISTS generation UInt32 DEFAULT 0 COMMENT 'Which making of the tables: each rebuild begins the next, and only its writers get on' AFTER next_offset,
    ADD CONSTRAINT IF NOT EXISTS of_this_generation CHECK generation = 0
