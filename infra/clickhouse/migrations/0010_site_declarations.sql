ALTER TABLE declarations
    ADD COLUMN site_id LowCardinality(String) COMMENT 'The site whose poster was scanned to declare; empty if none' AFTER channel;

CREATE MATERIALIZED VIEW site_declarations_to_presences TO presences AS
SELECT person_id, declared_at AS began_at, declared_at AS ended_at, concat('site:', site_id) AS place, entry_id AS presence_id, received_at,
    version, is_deleted
FROM declarations
WHERE site_id != ''
