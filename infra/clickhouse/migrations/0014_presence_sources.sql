ALTER TABLE presences
    ADD COLUMN IF NOT EXISTS source LowCardinality(String)
        DEFAULT multiIf(startsWith(place, 'vehicle:') AND ended_at > began_at, 'journey', startsWith(place, 'site:') OR startsWith(place, 'meeting:'), 'report', 'scan')
        COMMENT 'Which kind of fact says so: scan, journey, site_declaration or report' AFTER presence_id,
    ADD COLUMN IF NOT EXISTS granularity LowCardinality(String) DEFAULT if(source = 'journey', 'planned', if(source = 'report', 'minute', 'second'))
        COMMENT 'How exactly the period is known: second, minute, hour, half_day, day, or planned' AFTER source;

ALTER TABLE presences_by_place
    ADD COLUMN IF NOT EXISTS source LowCardinality(String)
        DEFAULT multiIf(startsWith(place, 'vehicle:') AND ended_at > began_at, 'journey', startsWith(place, 'site:') OR startsWith(place, 'meeting:'), 'report', 'scan')
        COMMENT 'Which kind of fact says so: scan, journey, site_declaration or report' AFTER presence_id,
    ADD COLUMN IF NOT EXISTS granularity LowCardinality(String) DEFAULT if(source = 'journey', 'planned', if(source = 'report', 'minute', 'second'))
        COMMENT 'How exactly the period is known: second, minute, hour, half_day, day, or planned' AFTER source;

DROP VIEW IF EXISTS presences_to_presences_by_place;

CREATE MATERIALIZED VIEW IF NOT EXISTS presences_to_presences_by_place TO presences_by_place AS
SELECT place, arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at, ended_at, person_id, presence_id, source, granularity, distance_m, received_at, version, is_deleted
FROM presences;

DROP VIEW IF EXISTS site_declarations_to_presences;

CREATE MATERIALIZED VIEW IF NOT EXISTS site_declarations_to_presences TO presences AS
SELECT person_id, declared_at AS began_at, declared_at AS ended_at, concat('site:', site_id) AS place, entry_id AS presence_id,
    'site_declaration' AS source, 'second' AS granularity, received_at, version, is_deleted
FROM declarations
WHERE site_id != '';

DROP VIEW IF EXISTS declarations_to_presences;

CREATE MATERIALIZED VIEW IF NOT EXISTS declarations_to_presences TO presences AS
SELECT person_id, departure_at AS began_at,
    least(greatest(ifNull(arrival_at, departure_at), departure_at), departure_at + INTERVAL 1 DAY) AS ended_at,
    concat('vehicle:', vehicle_key) AS place, entry_id AS presence_id, 'journey' AS source, 'planned' AS granularity, received_at, version,
    is_deleted
FROM declarations
WHERE vehicle_key != ''
