ALTER TABLE scans
    ADD COLUMN IF NOT EXISTS known_from DateTime64(3, 'UTC') DEFAULT received_at
        COMMENT 'From when it was known to be the person''s: when the door accepted it, or the link that leads here' AFTER received_at,
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it' AFTER known_from;

ALTER TABLE declarations
    ADD COLUMN IF NOT EXISTS known_from DateTime64(3, 'UTC') DEFAULT received_at
        COMMENT 'From when it was known to be the person''s: when the door accepted it, or the link that leads here' AFTER received_at,
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it' AFTER known_from;

ALTER TABLE cases
    ADD COLUMN IF NOT EXISTS known_from DateTime64(3, 'UTC') DEFAULT received_at
        COMMENT 'From when it was known to be the person''s: when the door accepted it, or the link that leads here' AFTER received_at,
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it' AFTER known_from;

DROP VIEW IF EXISTS presences_to_presences_by_place;

DROP VIEW IF EXISTS scans_to_presences;

DROP VIEW IF EXISTS declarations_to_presences;

DROP VIEW IF EXISTS site_declarations_to_presences;

ALTER TABLE presences RENAME COLUMN IF EXISTS received_at TO known_from;

ALTER TABLE presences_by_place RENAME COLUMN IF EXISTS received_at TO known_from;

ALTER TABLE presences
    COMMENT COLUMN known_from 'From when it was known to be the person''s: when the door accepted it, or the link that leads here',
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it; kept also where is_deleted' AFTER known_from;

ALTER TABLE presences_by_place
    COMMENT COLUMN known_from 'From when it was known to be the person''s: when the door accepted it, or the link that leads here',
    ADD COLUMN IF NOT EXISTS formerly Array(Tuple(known_from DateTime64(3, 'UTC'), known_until DateTime64(3, 'UTC')))
        COMMENT 'Periods in which it was known to be the person''s before a link moved it; kept also where is_deleted' AFTER known_from;

CREATE MATERIALIZED VIEW IF NOT EXISTS presences_to_presences_by_place TO presences_by_place AS
SELECT place, arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at, ended_at, person_id, presence_id, source, granularity, distance_m, known_from, formerly, version, is_deleted
FROM presences;

CREATE MATERIALIZED VIEW IF NOT EXISTS scans_to_presences TO presences AS
SELECT person_id, scanned_at AS began_at, scanned_at AS ended_at,
    arrayJoin(if(vehicle_key = '', [concat('post:', checkpoint_id)], [concat('post:', checkpoint_id), concat('vehicle:', vehicle_key)])) AS place,
    scan_id AS presence_id, known_from, formerly, version, is_deleted
FROM scans;

CREATE MATERIALIZED VIEW IF NOT EXISTS site_declarations_to_presences TO presences AS
SELECT person_id, declared_at AS began_at, declared_at AS ended_at, concat('site:', site_id) AS place, entry_id AS presence_id,
    'site_declaration' AS source, 'second' AS granularity, known_from, formerly, version, is_deleted
FROM declarations
WHERE site_id != '';

CREATE MATERIALIZED VIEW IF NOT EXISTS declarations_to_presences TO presences AS
SELECT person_id, departure_at AS began_at,
    least(greatest(ifNull(arrival_at, departure_at), departure_at), departure_at + INTERVAL 1 DAY) AS ended_at,
    concat('vehicle:', vehicle_key) AS place, entry_id AS presence_id, 'journey' AS source, 'planned' AS granularity, known_from, formerly,
    version, is_deleted
FROM declarations
WHERE vehicle_key != '';

CREATE TABLE IF NOT EXISTS household_changes
(
    household_key FixedString(32) COMMENT 'Pseudonym of the number of the household register',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    version Int64 COMMENT 'Of what was known of a person in a household the highest held',
    left_at Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the register that has the person there no longer; null: they live there',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted the row: known from then on'
)
ENGINE = ReplacingMergeTree
ORDER BY (household_key, person_id, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'Everything ever said of who lives with whom, for answers as they would have been given earlier. Filled by household_members_to_household_changes';

CREATE MATERIALIZED VIEW IF NOT EXISTS household_members_to_household_changes TO household_changes AS
SELECT household_key, person_id, version, left_at, received_at
FROM household_members;

INSERT INTO household_changes (household_key, person_id, version, left_at, received_at)
SELECT household_key, person_id, version, left_at, received_at
FROM household_members
