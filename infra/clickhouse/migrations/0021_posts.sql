ALTER TABLE reference_checkpoints
    ADD COLUMN side LowCardinality(String) COMMENT 'Direction of traffic checked there: in, out or both; empty: not known' AFTER longitude,
    ADD COLUMN lanes Nullable(UInt16) COMMENT 'Lanes in which people are checked at once; null: not known' AFTER side,
    ADD COLUMN opens_at String COMMENT 'Time of day from which it is manned, HH:MM in Vietnam; empty: around the clock' AFTER lanes,
    ADD COLUMN closes_at String COMMENT 'Time of day until just before which it is manned; earlier than opens_at: past midnight' AFTER opens_at,
    ADD COLUMN closed Bool COMMENT 'Nobody mans it from valid_from on' AFTER closes_at
