-- Traces follow a contact until they are isolated by order: also in answers as they would have been given earlier.
ALTER TABLE orders
    ADD COLUMN IF NOT EXISTS known_from DateTime64(3, 'UTC') DEFAULT received_at
        COMMENT 'From when it was known to be the person''s: when the door accepted it, or the link that leads here' AFTER received_at,
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it' AFTER known_from
