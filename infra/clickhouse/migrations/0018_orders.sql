CREATE TABLE IF NOT EXISTS orders
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    order_id UUID COMMENT 'The order',
    entry_id UUID COMMENT 'Id of what was said of it',
    document_key FixedString(32) COMMENT 'Pseudonym of the document in the order',
    kind LowCardinality(String) COMMENT 'quarantine or home_isolation',
    status LowCardinality(String) COMMENT 'in_force or lifted',
    unit_code LowCardinality(String) COMMENT 'Commune of the facility or home',
    begins_at DateTime64(3, 'UTC') COMMENT 'From when on the person has to stay there',
    ends_at Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when; null while that is not decided',
    issued_at DateTime64(3, 'UTC') COMMENT 'When the authority said so: of several words on one order the latest holds',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    known Bool COMMENT 'Whether the register knows the document',
    match_name LowCardinality(String) COMMENT 'Name in the order against the register: equal, near, different, unknown',
    match_birth_date LowCardinality(String) COMMENT 'Birth date in the order against the register',
    match_sex LowCardinality(String) COMMENT 'Sex in the order against the register',
    reference_version Int64 COMMENT 'Version of the reference data known when it was identified',
    version Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    is_deleted UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, order_id, entry_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Quarantine and home isolation orders: everything that was said of each. Query with FINAL';

CREATE MATERIALIZED VIEW IF NOT EXISTS orders_to_timeline TO timeline AS
SELECT person_id, 'order' AS kind, entry_id AS id, issued_at AS at,
    map('order_id', toString(order_id), 'kind', orders.kind, 'status', status, 'unit_code', unit_code, 'begins_at', formatDateTime(begins_at, '%FT%TZ'),
        'ends_at', if(ends_at IS NULL, '', formatDateTime(assumeNotNull(ends_at), '%FT%TZ'))) AS what, version, is_deleted
FROM orders
