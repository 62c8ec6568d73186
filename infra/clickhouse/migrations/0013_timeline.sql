CREATE TABLE IF NOT EXISTS timeline
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    kind LowCardinality(String) COMMENT 'declaration, scan, verdict, dose or flag',
    id UUID COMMENT 'The declaration, scan, dose or flag; a verdict bears the id of its scan',
    at DateTime64(3, 'UTC') COMMENT 'When it happened',
    what Map(LowCardinality(String), String) COMMENT 'What is told of it',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, kind, id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512
COMMENT 'Everything known of a person in one place, so that one question finds it. Filled by views from the tables of each kind. Query with FINAL';

CREATE MATERIALIZED VIEW IF NOT EXISTS declarations_to_timeline TO timeline AS
SELECT person_id, 'declaration' AS kind, declaration_id AS id, declared_at AS at,
    map('origin_code', origin_code, 'destination_code', destination_code, 'departure_at', formatDateTime(departure_at, '%FT%TZ'),
        'transport_mode', transport_mode, 'channel', channel, 'match_name', match_name, 'match_birth_date', match_birth_date,
        'match_sex', match_sex) AS what, version, is_deleted
FROM declarations;

CREATE MATERIALIZED VIEW IF NOT EXISTS scans_to_timeline TO timeline AS
SELECT person_id, 'scan' AS kind, scan_id AS id, scanned_at AS at,
    map('checkpoint_id', checkpoint_id, 'direction', direction, 'shown_kind', shown_kind) AS what, version, is_deleted
FROM scans;

CREATE MATERIALIZED VIEW IF NOT EXISTS verdicts_to_timeline TO timeline AS
SELECT person_id, 'verdict' AS kind, scan_id AS id, scanned_at AS at,
    map('decision', decision, 'reasons', arrayStringConcat(reasons, ',')) AS what, precedence AS version, 0 AS is_deleted
FROM verdicts;

CREATE MATERIALIZED VIEW IF NOT EXISTS vaccinations_to_timeline TO timeline AS
SELECT person_id, 'dose' AS kind, entry_id AS id, toDateTime64(administered_on, 3, 'UTC') AS at,
    map('dose_number', toString(dose_number), 'product', product, 'facility', facility) AS what, version, is_deleted
FROM vaccinations;

CREATE MATERIALIZED VIEW IF NOT EXISTS flags_to_timeline TO timeline AS
SELECT person_id, 'flag' AS kind, flag_id AS id, occurred_at AS at,
    map('state', toString(state), 'rule', rule, 'reasons', arrayStringConcat(reasons, ','), 'causes', arrayStringConcat(causes, ',')) AS what,
    version, 0 AS is_deleted
FROM flags;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'declaration' AS kind, declaration_id AS id, declared_at AS at,
    map('origin_code', origin_code, 'destination_code', destination_code, 'departure_at', formatDateTime(departure_at, '%FT%TZ'),
        'transport_mode', transport_mode, 'channel', channel, 'match_name', match_name, 'match_birth_date', match_birth_date,
        'match_sex', match_sex) AS what, version, is_deleted
FROM declarations;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'scan' AS kind, scan_id AS id, scanned_at AS at,
    map('checkpoint_id', checkpoint_id, 'direction', direction, 'shown_kind', shown_kind) AS what, version, is_deleted
FROM scans;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'verdict' AS kind, scan_id AS id, scanned_at AS at,
    map('decision', decision, 'reasons', arrayStringConcat(reasons, ',')) AS what, precedence AS version, 0 AS is_deleted
FROM verdicts;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'dose' AS kind, entry_id AS id, toDateTime64(administered_on, 3, 'UTC') AS at,
    map('dose_number', toString(dose_number), 'product', product, 'facility', facility) AS what, version, is_deleted
FROM vaccinations;

INSERT INTO timeline (person_id, kind, id, at, what, version, is_deleted)
SELECT person_id, 'flag' AS kind, flag_id AS id, occurred_at AS at,
    map('state', toString(state), 'rule', rule, 'reasons', arrayStringConcat(reasons, ','), 'causes', arrayStringConcat(causes, ',')) AS what,
    version, 0 AS is_deleted
FROM flags
