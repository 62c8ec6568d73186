CREATE TABLE declarations
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    entry_id UUID COMMENT 'Id of the declaration event',
    declaration_id UUID COMMENT 'The declaration; its QR carries it',
    document_key FixedString(32) COMMENT 'Pseudonym of the document used',
    declared_at DateTime64(3, 'UTC') COMMENT 'When the citizen declared; validity counts from here',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    origin_code LowCardinality(String) COMMENT 'Unit code of the start, as of 2021',
    destination_code LowCardinality(String) COMMENT 'Unit code of the destination, as of 2021',
    residence_code LowCardinality(String) COMMENT 'Unit code of the residence in the register; empty if unknown',
    departure_at DateTime64(3, 'UTC') COMMENT 'Declared departure',
    arrival_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Declared arrival',
    transport_mode LowCardinality(String) COMMENT 'How they travel',
    vehicle_key String COMMENT 'Pseudonym of the number plate; empty if none',
    symptoms Array(LowCardinality(String)) COMMENT 'Symptoms of the last 14 days, by code',
    exposed Nullable(Bool) COMMENT 'Declared contact with a patient or an epidemic area',
    channel LowCardinality(String) COMMENT 'app, web, paper or import',
    known Bool COMMENT 'Whether the register knows the document',
    match_name LowCardinality(String) COMMENT 'Declared name against the register: equal, near, different, unknown',
    match_birth_date LowCardinality(String) COMMENT 'Declared birth date against the register',
    match_sex LowCardinality(String) COMMENT 'Declared sex against the register',
    reference_version Int64 COMMENT 'Version of the reference data known when it was identified',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, declared_at, entry_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Journeys declared before travelling (khai báo di chuyển). Query with FINAL and a person';

CREATE TABLE declarations_by_id
(
    declaration_id UUID COMMENT 'The declaration',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    document_key FixedString(32) COMMENT 'Pseudonym of the document used',
    declared_at DateTime64(3, 'UTC') COMMENT 'When the citizen declared',
    version Int64 COMMENT 'Revision',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (declaration_id, person_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'The same declarations, narrow, found by their id. Filled by declarations_to_declarations_by_id';

CREATE MATERIALIZED VIEW declarations_to_declarations_by_id TO declarations_by_id AS
SELECT declaration_id, person_id, document_key, declared_at, version, is_deleted
FROM declarations;

CREATE TABLE scans
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    scan_id UUID COMMENT 'Id of the scan event',
    document_key FixedString(32) COMMENT 'Pseudonym of the document shown',
    declaration_id Nullable(UUID) COMMENT 'The declaration that our own code names',
    shown_kind LowCardinality(String) COMMENT 'What was shown: token, card_qr, bhyt_qr, typed_number, paper_serial',
    checkpoint_id LowCardinality(String) COMMENT 'The post (chốt)',
    direction LowCardinality(String) COMMENT 'in, out or through',
    vehicle_key String COMMENT 'Pseudonym of the number plate; empty if none',
    team LowCardinality(String) COMMENT 'Account of the checkpoint team',
    scanned_at DateTime64(3, 'UTC') COMMENT 'Clock of the checkpoint',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    known Bool COMMENT 'Whether the register knows the document',
    match_name LowCardinality(String) COMMENT 'Name on the card against the register: equal, near, different, unknown',
    match_birth_date LowCardinality(String) COMMENT 'Birth date on the card against the register',
    match_sex LowCardinality(String) COMMENT 'Sex on the card against the register',
    reference_version Int64 COMMENT 'Version of the reference data known when it was identified',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, scanned_at, scan_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Checks at checkpoints. Query with FINAL and a person';

CREATE TABLE scans_by_checkpoint
(
    checkpoint_id LowCardinality(String) COMMENT 'The post (chốt)',
    scanned_at DateTime64(3, 'UTC') COMMENT 'Clock of the checkpoint',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    scan_id UUID COMMENT 'Id of the scan event',
    direction LowCardinality(String) COMMENT 'in, out or through',
    vehicle_key String COMMENT 'Pseudonym of the number plate; empty if none',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (checkpoint_id, scanned_at, person_id, scan_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'The same scans, narrow, ordered by place: who was at a post in a period. Filled by scans_to_scans_by_checkpoint';

CREATE MATERIALIZED VIEW scans_to_scans_by_checkpoint TO scans_by_checkpoint AS
SELECT checkpoint_id, scanned_at, person_id, scan_id, direction, vehicle_key, version, is_deleted
FROM scans;

CREATE TABLE vaccinations
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    entry_id UUID COMMENT 'Id of the dose event',
    document_key FixedString(32) COMMENT 'Pseudonym of the document in the dose record',
    dose_number UInt8 COMMENT '1 for the first dose',
    product LowCardinality(String) COMMENT 'Vaccine as written in the export',
    facility LowCardinality(String) COMMENT 'Where it was given; empty if unknown',
    administered_on Date32 COMMENT 'Day it was given',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    known Bool COMMENT 'Whether the register knows the document',
    match_name LowCardinality(String) COMMENT 'Name in the dose record against the register: equal, near, different, unknown',
    match_birth_date LowCardinality(String) COMMENT 'Birth date in the dose record against the register',
    match_sex LowCardinality(String) COMMENT 'Sex in the dose record against the register',
    reference_version Int64 COMMENT 'Version of the reference data known when it was identified',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, administered_on, entry_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Vaccine doses. Query with FINAL and a person';
