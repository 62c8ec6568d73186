CREATE TABLE IF NOT EXISTS overrides
(
    scan_id UUID COMMENT 'The scan',
    event_id UUID COMMENT 'Id of the officer''s word',
    person_id FixedString(32) COMMENT 'Pseudonym of the person as the verdict knew them',
    checkpoint_id LowCardinality(String) COMMENT 'The post',
    verdict LowCardinality(String) COMMENT 'What the verdict said: pass, check_papers, refer or turn_back',
    decision LowCardinality(String) COMMENT 'What the officer did',
    reason LowCardinality(String) COMMENT 'Why: papers_seen, record_wrong, emergency, official_duty, ordered, diverted or suspicion',
    overridden_at DateTime64(3, 'UTC') COMMENT 'When: of several words on one scan the latest holds',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    team LowCardinality(String) COMMENT 'Account of the checkpoint team',
    version Int64 COMMENT 'Offset in the topic: of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (scan_id, event_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'What officers at posts decided otherwise than the verdict. Query with FINAL';

CREATE MATERIALIZED VIEW IF NOT EXISTS overrides_to_timeline TO timeline AS
SELECT person_id, 'override' AS kind, event_id AS id, overridden_at AS at,
    map('scan_id', toString(scan_id), 'checkpoint_id', checkpoint_id, 'verdict', verdict, 'decision', decision, 'reason', reason) AS what,
    version, 0 AS is_deleted
FROM overrides;

ALTER TABLE timeline COMMENT COLUMN kind 'declaration, scan, verdict, override, dose, test, order or flag'
