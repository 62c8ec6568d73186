ALTER TABLE positions
    MODIFY COLUMN generation DEFAULT {generation:UInt32},
    DROP CONSTRAINT of_this_generation,
    ADD CONSTRAINT of_this_generation CHECK generation = {generation:UInt32},
    DROP CONSTRAINT IF EXISTS closed,
    ADD CONSTRAINT closed CHECK now() >= toDateTime({until:UInt32})
