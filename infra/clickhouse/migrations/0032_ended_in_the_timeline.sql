-- What became of a declaration stands in its person's timeline: that it was cancelled, and which one it stands for.
CREATE MATERIALIZED VIEW IF NOT EXISTS cancellations_to_timeline TO timeline AS
SELECT person_id, 'cancellation' AS kind, entry_id AS id, cancelled_at AS at, map('declaration_id', toString(declaration_id)) AS what, version, is_deleted
FROM cancellations;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'cancellation' AS kind, entry_id AS id, cancelled_at AS at, map('declaration_id', toString(declaration_id)) AS what, version, is_deleted
FROM cancellations;

DROP VIEW IF EXISTS declarations_to_timeline;

CREATE MATERIALIZED VIEW IF NOT EXISTS declarations_to_timeline TO timeline AS
SELECT person_id, 'declaration' AS kind, declaration_id AS id, declared_at AS at,
    map('origin_code', origin_code, 'destination_code', destination_code, 'departure_at', formatDateTime(departure_at, '%FT%TZ'),
        'transport_mode', transport_mode, 'channel', channel, 'match_name', match_name, 'match_birth_date', match_birth_date,
        'match_sex', match_sex, 'replaces', if(replaces IS NULL, '', toString(assumeNotNull(replaces)))) AS what, version, is_deleted
FROM declarations;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'declaration' AS kind, declaration_id AS id, declared_at AS at,
    map('origin_code', origin_code, 'destination_code', destination_code, 'departure_at', formatDateTime(departure_at, '%FT%TZ'),
        'transport_mode', transport_mode, 'channel', channel, 'match_name', match_name, 'match_birth_date', match_birth_date,
        'match_sex', match_sex, 'replaces', if(replaces IS NULL, '', toString(assumeNotNull(replaces)))) AS what, version, is_deleted
FROM declarations;

ALTER TABLE timeline COMMENT COLUMN kind 'declaration, cancellation, scan, verdict, override, dose, test, order or flag'
