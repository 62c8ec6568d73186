CREATE TABLE cancellations
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `declaration_id` UUID COMMENT 'The declaration that no longer counts',
    `entry_id` UUID COMMENT 'Id of the cancelling event',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document of the declaration',
    `cancelled_at` DateTime64(3, 'UTC') COMMENT 'From when on it does not count',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, declaration_id, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Declarations that were cancelled. Query with FINAL';

CREATE MATERIALIZED VIEW cancellations_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'cancellation' AS kind,
    entry_id AS id,
    cancelled_at AS at,
    map('declaration_id', toString(declaration_id)) AS what,
    version,
    is_deleted
FROM cancellations;

CREATE TABLE cases
(
    `case_id` UUID COMMENT 'The case (F0)',
    `entry_id` UUID COMMENT 'Id of the report',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document in the report',
    `status` LowCardinality(String) COMMENT 'confirmed or retracted',
    `onset_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'First symptoms; null for a case without any',
    `sampled_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'When the positive sample was taken',
    `isolated_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on they could infect nobody else',
    `reported_at` DateTime64(3, 'UTC') COMMENT 'When the authority said so: of the reports on one case the latest holds',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it: known from then on',
    `known_from` DateTime64(3, 'UTC') DEFAULT received_at COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it',
    `known` Bool COMMENT 'Whether the register knows the document',
    `match_name` LowCardinality(String) COMMENT 'Reported name against the register: equal, near, different, unknown',
    `match_birth_date` LowCardinality(String) COMMENT 'Reported birth date against the register',
    `match_sex` LowCardinality(String) COMMENT 'Reported sex against the register',
    `reference_version` Int64 COMMENT 'Version of the reference data known when it was identified',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (case_id, entry_id, person_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Every report on every case. Query with FINAL and a case, or the view current_cases';

CREATE MATERIALIZED VIEW cases_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'case' AS kind,
    entry_id AS id,
    reported_at AS at,
    map('case_id', toString(case_id), 'status', status, 'onset_at', ifNull(formatDateTime(onset_at, '%FT%TZ'), ''), 'sampled_at', ifNull(formatDateTime(sampled_at, '%FT%TZ'), ''), 'isolated_at', ifNull(formatDateTime(isolated_at, '%FT%TZ'), '')) AS what,
    version,
    is_deleted
FROM cases;

CREATE VIEW current_cases
(
    `case_id` UUID COMMENT 'The case (F0)',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `status` String COMMENT 'confirmed or retracted',
    `onset_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'First symptoms; null for a case without any',
    `sampled_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'When the positive sample was taken',
    `isolated_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on they could infect nobody else',
    `last_reported_at` DateTime64(3, 'UTC') COMMENT 'Of the report that holds',
    `reports` UInt64 COMMENT 'How many there are'
)
COMMENT 'Each case as the latest report says'
AS SELECT
    case_id,
    argMax(person_id, (reported_at, received_at, entry_id)) AS person_id,
    argMax(status, (reported_at, received_at, entry_id)) AS status,
    (argMax(tuple(onset_at), (reported_at, received_at, entry_id))).1 AS onset_at,
    (argMax(tuple(sampled_at), (reported_at, received_at, entry_id))).1 AS sampled_at,
    (argMax(tuple(isolated_at), (reported_at, received_at, entry_id))).1 AS isolated_at,
    max(reported_at) AS last_reported_at,
    count() AS reports
FROM cases
FINAL
GROUP BY case_id;

CREATE VIEW current_handovers
(
    `handover_id` UUID COMMENT 'The list of one case for one commune',
    `issue_id` UUID COMMENT 'The issue that holds',
    `revision` UInt64 COMMENT 'Its number: 1 for the first',
    `case_id` UUID COMMENT 'The case (F0)',
    `unit_code` String COMMENT 'Commune whose people they are; empty if nobody knows it',
    `people` UInt32 COMMENT 'How many people it lists; 0: withdrawn',
    `rules_id` String COMMENT 'Set of exposure rules of the trace',
    `depth` UInt8 COMMENT 'Generations followed',
    `follow_days` UInt16 COMMENT 'For how many days after the last exposure they are watched',
    `unlisted` UInt32 COMMENT 'Contacts in crowds that lie below the cut of the trace',
    `waiting_since` DateTime64(3, 'UTC') COMMENT 'First issue since the last one that was received: the deadline counts from here',
    `deadline_at` DateTime64(3, 'UTC') COMMENT 'Until when its receipt has to be acknowledged: a revision gives no more time',
    `issued_at` DateTime64(3, 'UTC') COMMENT 'When it was issued',
    `issued_by` String COMMENT 'Account that issued it',
    `acknowledged_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'When this issue was received; null: not yet',
    `acknowledged_by` String COMMENT 'By which account',
    `escalated_to` Array(String) COMMENT 'Committees above that were told of it since then, in the order in which they were'
)
COMMENT 'Each list as it stands: its last issue, and whether it was received'
AS SELECT
    i.handover_id AS handover_id,
    i.issue_id AS issue_id,
    i.revision AS revision,
    i.case_id AS case_id,
    i.unit_code AS unit_code,
    i.people AS people,
    i.rules_id AS rules_id,
    i.depth AS depth,
    i.follow_days AS follow_days,
    i.unlisted AS unlisted,
    i.waiting_since AS waiting_since,
    addMilliseconds(i.waiting_since, dateDiff('millisecond', i.issued_at, i.until_at)) AS deadline_at,
    i.issued_at AS issued_at,
    i.issued_by AS issued_by,
    a.acknowledged_at AS acknowledged_at,
    a.acknowledged_by AS acknowledged_by,
    arrayDistinct(arrayMap(one -> (one.2), arraySort(arrayFilter(one -> ((one.1) >= i.waiting_since), e.told)))) AS escalated_to
FROM
(
    SELECT
        h.handover_id AS handover_id,
        argMax(h.issue_id, (h.issued_at, h.issue_id)) AS issue_id,
        uniqExact(h.issue_id) AS revision,
        any(h.case_id) AS case_id,
        any(h.unit_code) AS unit_code,
        argMax(h.people, (h.issued_at, h.issue_id)) AS people,
        argMax(h.rules_id, (h.issued_at, h.issue_id)) AS rules_id,
        argMax(h.depth, (h.issued_at, h.issue_id)) AS depth,
        argMax(h.follow_days, (h.issued_at, h.issue_id)) AS follow_days,
        argMax(h.unlisted, (h.issued_at, h.issue_id)) AS unlisted,
        argMax(h.deadline_at, (h.issued_at, h.issue_id)) AS until_at,
        argMax(h.issued_by, (h.issued_at, h.issue_id)) AS issued_by,
        max(h.issued_at) AS issued_at,
        arraySort(groupUniqArray((h.issued_at, h.issue_id, h.issue_id IN (
            SELECT issue_id
            FROM handover_acknowledgements
        )))) AS issues,
        (issues[1 + arrayLastIndex(one -> (one.3), arrayPopBack(issues))]).1 AS waiting_since
    FROM handover_issues AS h
    GROUP BY h.handover_id
) AS i
LEFT JOIN
(
    SELECT
        r.issue_id AS issue_id,
        min(toNullable(r.acknowledged_at)) AS acknowledged_at,
        argMin(r.acknowledged_by, (r.acknowledged_at, r.event_id)) AS acknowledged_by
    FROM handover_acknowledgements AS r
    GROUP BY r.issue_id
) AS a ON a.issue_id = i.issue_id
LEFT JOIN
(
    SELECT
        handover_id,
        groupUniqArray((escalated_at, to_unit_code)) AS told
    FROM handover_escalations
    FINAL
    GROUP BY handover_id
) AS e ON e.handover_id = i.handover_id;

CREATE TABLE dead_letter_settlements
(
    `source_topic` LowCardinality(String) COMMENT 'Where the record was read',
    `source_partition` UInt16 COMMENT 'Its partition',
    `source_offset` UInt64 COMMENT 'Its offset',
    `outcome` LowCardinality(String) COMMENT 'replayed, mended or discarded',
    `settled_at` DateTime64(3, 'UTC') COMMENT 'When',
    `settled_by` String COMMENT 'Who'
)
ENGINE = ReplacingMergeTree
ORDER BY (source_topic, source_partition, source_offset, settled_at)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'What became of dead letters';

CREATE TABLE dead_letters
(
    `stage` LowCardinality(String) COMMENT 'Stage that set it aside',
    `source_topic` LowCardinality(String) COMMENT 'Where it was read',
    `source_partition` UInt16 COMMENT 'Its partition',
    `source_offset` UInt64 COMMENT 'Its offset',
    `kind` LowCardinality(String) COMMENT 'poison or unexpected',
    `reason` String COMMENT 'Why, without personal data',
    `schema_id` Nullable(Int32) COMMENT 'Schema id of its frame, if it had one',
    `record_key` String COMMENT 'Key, raw (may hold personal data)',
    `record_value` String COMMENT 'Value, raw (may hold personal data)',
    `failed_at` DateTime64(3, 'UTC') COMMENT 'When the stage gave up on it'
)
ENGINE = ReplacingMergeTree
ORDER BY (source_topic, source_partition, source_offset, stage)
SETTINGS index_granularity = 8192
COMMENT 'Records that a stage could not use, whole. Access is restricted';

CREATE TABLE declarations
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `entry_id` UUID COMMENT 'Id of the declaration event',
    `declaration_id` UUID COMMENT 'The declaration; its QR carries it',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document used',
    `declared_at` DateTime64(3, 'UTC') COMMENT 'When the citizen declared; validity counts from here',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `known_from` DateTime64(3, 'UTC') DEFAULT received_at COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it',
    `origin_code` LowCardinality(String) COMMENT 'Unit code of the start, as of 2021',
    `destination_code` LowCardinality(String) COMMENT 'Unit code of the destination, as of 2021',
    `residence_code` LowCardinality(String) COMMENT 'Unit code of the residence in the register; empty if unknown',
    `departure_at` DateTime64(3, 'UTC') COMMENT 'Declared departure',
    `arrival_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'Declared arrival',
    `transport_mode` LowCardinality(String) COMMENT 'How they travel',
    `vehicle_key` String COMMENT 'Pseudonym of the number plate; empty if none',
    `symptoms` Array(LowCardinality(String)) COMMENT 'Symptoms of the last 14 days, by code',
    `exposed` Nullable(Bool) COMMENT 'Declared contact with a patient or an epidemic area',
    `channel` LowCardinality(String) COMMENT 'app, web, paper or import',
    `site_id` LowCardinality(String) COMMENT 'The site whose poster was scanned to declare; empty if none',
    `replaces` Nullable(UUID) COMMENT 'The declaration that this one stands for from declared_at on',
    `known` Bool COMMENT 'Whether the register knows the document',
    `match_name` LowCardinality(String) COMMENT 'Declared name against the register: equal, near, different, unknown',
    `match_birth_date` LowCardinality(String) COMMENT 'Declared birth date against the register',
    `match_sex` LowCardinality(String) COMMENT 'Declared sex against the register',
    `match_permanent` LowCardinality(String) DEFAULT 'unknown' COMMENT 'Declared permanent residence against the register: equal, near (same district), different, unknown',
    `match_lodging` LowCardinality(String) DEFAULT 'unknown' COMMENT 'Declared lodging against the registered temporary residence, likewise',
    `reference_version` Int64 COMMENT 'Version of the reference data known when it was identified',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, declared_at, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Journeys declared before travelling (khai báo di chuyển). Query with FINAL and a person';

CREATE TABLE declarations_by_id
(
    `declaration_id` UUID COMMENT 'The declaration',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document used',
    `declared_at` DateTime64(3, 'UTC') COMMENT 'When the citizen declared',
    `version` Int64 COMMENT 'Revision',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (declaration_id, person_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'The same declarations, narrow, found by their id. Filled by declarations_to_declarations_by_id';

CREATE MATERIALIZED VIEW declarations_to_declarations_by_id TO declarations_by_id
(
    `declaration_id` UUID,
    `person_id` FixedString(32),
    `document_key` FixedString(32),
    `declared_at` DateTime64(3, 'UTC'),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    declaration_id,
    person_id,
    document_key,
    declared_at,
    version,
    is_deleted
FROM declarations;

CREATE MATERIALIZED VIEW declarations_to_presences TO presences
(
    `person_id` FixedString(32),
    `began_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `place` String,
    `presence_id` UUID,
    `source` String,
    `granularity` String,
    `known_from` DateTime64(3, 'UTC'),
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    departure_at AS began_at,
    least(greatest(ifNull(arrival_at, departure_at), departure_at), departure_at + toIntervalDay(1)) AS ended_at,
    concat('vehicle:', vehicle_key) AS place,
    entry_id AS presence_id,
    'journey' AS source,
    'planned' AS granularity,
    known_from,
    formerly,
    version,
    is_deleted
FROM declarations
WHERE vehicle_key != '';

CREATE MATERIALIZED VIEW declarations_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'declaration' AS kind,
    declaration_id AS id,
    declared_at AS at,
    map('origin_code', origin_code, 'destination_code', destination_code, 'departure_at', formatDateTime(departure_at, '%FT%TZ'), 'transport_mode', transport_mode, 'channel', channel, 'match_name', match_name, 'match_birth_date', match_birth_date, 'match_sex', match_sex, 'replaces', if(replaces IS NULL, '', toString(assumeNotNull(replaces)))) AS what,
    version,
    is_deleted
FROM declarations;

CREATE TABLE flag_changes
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `flag_id` UUID COMMENT 'The flag',
    `version` Int64 COMMENT 'Journal offset of the change',
    `rule` LowCardinality(String) COMMENT 'The rule',
    `subject` String COMMENT 'What it is about',
    `state` Enum8('open' = 1, 'cleared' = 2) COMMENT 'State after the change',
    `reasons` Array(LowCardinality(String)) COMMENT 'Reason codes',
    `causes` Array(String) COMMENT 'Ids of the events that caused it',
    `occurred_at` DateTime64(3, 'UTC') COMMENT 'Time of the event it is about',
    `changed_at` DateTime64(3, 'UTC') COMMENT 'When the entry that changed it was received'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, flag_id, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'The lifecycle of every flag: raised, changed, cleared. Filled by flags_to_flag_changes';

CREATE TABLE flags
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `flag_id` UUID COMMENT 'Derived from rule, person and subject',
    `rule` LowCardinality(String) COMMENT 'The rule that found it',
    `subject` String COMMENT 'What it is about: an entry id or a document pseudonym',
    `state` Enum8('open' = 1, 'cleared' = 2) COMMENT 'Whether it holds now',
    `reasons` Array(LowCardinality(String)) COMMENT 'Reason codes, most telling first',
    `causes` Array(String) COMMENT 'Ids of the events that caused it',
    `occurred_at` DateTime64(3, 'UTC') COMMENT 'Time of the event it is about',
    `raised_at` DateTime64(3, 'UTC') COMMENT 'When it was first raised',
    `cleared_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'When it was cleared',
    `reference_version` Int64 COMMENT 'Version of the reference data it was judged by; -1 when cleared',
    `version` Int64 COMMENT 'Journal offset of the change: of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person_id, flag_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Findings, each in its present state. Query with FINAL';

CREATE MATERIALIZED VIEW flags_to_flag_changes TO flag_changes
(
    `person_id` FixedString(32),
    `flag_id` UUID,
    `version` Int64,
    `rule` LowCardinality(String),
    `subject` String,
    `state` Enum8('open' = 1, 'cleared' = 2),
    `reasons` Array(LowCardinality(String)),
    `causes` Array(String),
    `occurred_at` DateTime64(3, 'UTC'),
    `changed_at` DateTime64(3, 'UTC')
)
AS SELECT
    person_id,
    flag_id,
    version,
    rule,
    subject,
    state,
    reasons,
    causes,
    occurred_at,
    ifNull(cleared_at, raised_at) AS changed_at
FROM flags;

CREATE MATERIALIZED VIEW flags_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'flag' AS kind,
    flag_id AS id,
    occurred_at AS at,
    map('state', toString(state), 'rule', rule, 'reasons', arrayStringConcat(reasons, ','), 'causes', arrayStringConcat(causes, ',')) AS what,
    version,
    0 AS is_deleted
FROM flags;

CREATE TABLE follow_ups
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `day` Date COMMENT 'The day, in Vietnam',
    `event_id` UUID COMMENT 'Id of the report; of the reports on one day the latest holds',
    `status` LowCardinality(String) COMMENT 'seen, not_seen or lost',
    `symptoms` Array(LowCardinality(String)) COMMENT 'Symptoms on that day, by code',
    `temperature_c` Nullable(Float32) COMMENT 'Body temperature in °C',
    `reported_at` DateTime64(3, 'UTC') COMMENT 'When it was found',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `reported_by` String COMMENT 'Account that reported it'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, day, event_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Every report on the follow-up of contacts';

CREATE VIEW followed_people
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `unit_code` String COMMENT 'Commune that follows them; empty if nobody knows where they live',
    `generation` UInt8 COMMENT 'Nearest to any case: 1 for F1',
    `exposed_at` DateTime64(3, 'UTC') COMMENT 'First exposure to any case',
    `last_exposed_at` DateTime64(3, 'UTC') COMMENT 'Last exposure to any case',
    `follow_until` Date COMMENT 'Last day on which they are watched, by the last exposure to any case',
    `case_ids` Array(UUID) COMMENT 'Cases whose lists they are on',
    `handover_ids` Array(UUID) COMMENT 'Lists they are on'
)
COMMENT 'Everybody on a list that holds, once: who is to be watched, and until when'
AS SELECT
    person_id,
    argMax(unit_code, issued_at) AS unit_code,
    min(generation) AS generation,
    min(p.exposed_at) AS exposed_at,
    max(p.last_exposed_at) AS last_exposed_at,
    max(p.follow_until) AS follow_until,
    groupUniqArray(case_id) AS case_ids,
    groupUniqArray(handover_id) AS handover_ids
FROM handover_people AS p
FINAL
WHERE issue_id IN (
    SELECT issue_id
    FROM current_handovers
    WHERE people > 0
)
GROUP BY person_id;

CREATE TABLE handover_acknowledgements
(
    `issue_id` UUID COMMENT 'The issue that was received',
    `handover_id` UUID COMMENT 'The list',
    `acknowledged_at` DateTime64(3, 'UTC') COMMENT 'When; of several the first counts',
    `acknowledged_by` String COMMENT 'Account of the committee',
    `event_id` UUID COMMENT 'Id of the event that says so'
)
ENGINE = ReplacingMergeTree
ORDER BY (issue_id, acknowledged_at, event_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Receipts of lists';

CREATE TABLE handover_escalations
(
    `issue_id` UUID COMMENT 'The issue that nobody acknowledged in time',
    `to_unit_code` LowCardinality(String) COMMENT 'District or province that was told',
    `handover_id` UUID COMMENT 'The list',
    `escalated_at` DateTime64(3, 'UTC') COMMENT 'When'
)
ENGINE = ReplacingMergeTree
ORDER BY (issue_id, to_unit_code)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Lists shown to the committee above, because nobody acknowledged them';

CREATE TABLE handover_issues
(
    `handover_id` UUID COMMENT 'The list of one case for one commune',
    `issued_at` DateTime64(3, 'UTC') COMMENT 'When this issue of it was made',
    `issue_id` UUID COMMENT 'The issue; of the issues of one list the latest holds',
    `case_id` UUID COMMENT 'The case (F0) that the trace began with',
    `unit_code` LowCardinality(String) COMMENT 'Commune whose people they are; empty if nobody knows it',
    `people` UInt32 COMMENT 'How many people it lists; 0 withdraws the list',
    `rules_id` LowCardinality(String) COMMENT 'Set of exposure rules of the trace',
    `depth` UInt8 COMMENT 'Generations followed',
    `follow_days` UInt16 COMMENT 'For how many days after the last exposure they are watched',
    `unlisted` UInt32 COMMENT 'Contacts in crowds that lie below the cut of the trace',
    `deadline_at` DateTime64(3, 'UTC') COMMENT 'Until when its receipt has to be acknowledged',
    `issued_by` String COMMENT 'Account that issued it'
)
ENGINE = ReplacingMergeTree
ORDER BY (handover_id, issued_at, issue_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Every issue of every list of contacts handed over to a commune';

CREATE TABLE handover_people
(
    `issue_id` UUID COMMENT 'The issue of the list',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `handover_id` UUID COMMENT 'The list',
    `case_id` UUID COMMENT 'The case (F0) that the trace began with',
    `unit_code` LowCardinality(String) COMMENT 'Commune of residence; empty if nobody knows it',
    `generation` UInt8 COMMENT '1 for F1, 2 for F2 …',
    `exposed_at` DateTime64(3, 'UTC') COMMENT 'When they may have caught it',
    `last_exposed_at` DateTime64(3, 'UTC') COMMENT 'End of the last contact with somebody who may have infected them',
    `follow_until` Date COMMENT 'Last day on which they are watched, in Vietnam',
    `source_id` FixedString(32) COMMENT 'Pseudonym of who may have infected them',
    `place` String COMMENT 'Where, as kind:id',
    `issued_at` DateTime64(3, 'UTC') COMMENT 'When the list was issued'
)
ENGINE = ReplacingMergeTree
ORDER BY (issue_id, person_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'The lines of every issue. Query with FINAL and an issue';

CREATE TABLE handovers_asked
(
    `case_id` UUID COMMENT 'The case (F0)',
    `asked_at` DateTime64(3, 'UTC') COMMENT 'When it was handed over',
    `event_id` UUID COMMENT 'Id of the event',
    `report_id` UUID COMMENT 'Report on the case that the trace went by; a later one makes its lists outdated',
    `question` String COMMENT 'What was said of the trace and of the follow-up, as JSON; what was left open is not in it',
    `issued` UInt32 COMMENT 'How many lists it issued or revised',
    `asked_by` String COMMENT 'Account that did it'
)
ENGINE = ReplacingMergeTree
ORDER BY (case_id, asked_at, event_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Every time a case was handed over, also when no list changed';

CREATE TABLE health_tests
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `entry_id` UUID COMMENT 'Id of the result',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document in the result',
    `kind` LowCardinality(String) COMMENT 'rapid_antigen or rt_pcr',
    `result` LowCardinality(String) COMMENT 'positive or negative',
    `sampled_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'When the sample was taken',
    `resulted_at` DateTime64(3, 'UTC') COMMENT 'When the result was issued; validity counts from here',
    `laboratory` LowCardinality(String) COMMENT 'Who made the test; empty if unknown',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `known` Bool COMMENT 'Whether the register knows the document',
    `match_name` LowCardinality(String) COMMENT 'Name in the result against the register: equal, near, different, unknown',
    `match_birth_date` LowCardinality(String) COMMENT 'Birth date in the result against the register',
    `match_sex` LowCardinality(String) COMMENT 'Sex in the result against the register',
    `reference_version` Int64 COMMENT 'Version of the reference data known when it was identified',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, resulted_at, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Results of tests for the virus (xét nghiệm). Query with FINAL and a person';

CREATE MATERIALIZED VIEW health_tests_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, LowCardinality(String)),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'test' AS kind,
    entry_id AS id,
    resulted_at AS at,
    map('kind', health_tests.kind, 'result', result, 'laboratory', laboratory) AS what,
    version,
    is_deleted
FROM health_tests;

CREATE TABLE household_changes
(
    `household_key` FixedString(32) COMMENT 'Pseudonym of the number of the household register',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `version` Int64 COMMENT 'Of what was known of a person in a household the highest held',
    `left_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the register that has the person there no longer; null: they live there',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted the row: known from then on'
)
ENGINE = ReplacingMergeTree
ORDER BY (household_key, person_id, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'Everything ever said of who lives with whom, for answers as they would have been given earlier. Filled by household_members_to_household_changes';

CREATE TABLE household_members
(
    `household_key` FixedString(32) COMMENT 'Pseudonym of the number of the household register',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `said_at` DateTime64(3, 'UTC') COMMENT 'State of the register that says so',
    `left_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the register that has the person there no longer; null: they live there',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted the row: known from then on',
    `version` Int64 COMMENT 'Of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (household_key, person_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'Who lives with whom, and who has moved out, as snapshots of the register have it. Query with FINAL and a household';

CREATE MATERIALIZED VIEW household_members_to_household_changes TO household_changes
(
    `household_key` FixedString(32),
    `person_id` FixedString(32),
    `version` Int64,
    `left_at` Nullable(DateTime64(3, 'UTC')),
    `received_at` DateTime64(3, 'UTC')
)
AS SELECT
    household_key,
    person_id,
    version,
    left_at,
    received_at
FROM household_members;

CREATE MATERIALIZED VIEW household_members_to_person_households TO person_households
(
    `person_id` FixedString(32),
    `household_key` FixedString(32),
    `left_at` Nullable(DateTime64(3, 'UTC')),
    `received_at` DateTime64(3, 'UTC'),
    `version` Int64
)
AS SELECT
    person_id,
    household_key,
    left_at,
    received_at,
    version
FROM household_members;

CREATE TABLE identity_vault
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document',
    `source` LowCardinality(String) COMMENT 'register, card or paper_form for a link; declared for what was said at a door',
    `entry_id` String COMMENT 'Event that said so; empty for links',
    `document_kind` LowCardinality(String) COMMENT 'Kind of the document',
    `document_number` String COMMENT 'Number of the document (personal data)',
    `full_name` String COMMENT 'Name (personal data)',
    `birth_date` String COMMENT 'Birth date, as far as known (personal data)',
    `sex` LowCardinality(String) COMMENT 'Sex (personal data)',
    `phone` String COMMENT 'Phone number (personal data)',
    `residence_code` LowCardinality(String) COMMENT 'Unit code of residence or lodging',
    `residence_detail` String COMMENT 'House number, street, hamlet (personal data)',
    `vehicle_plate` String COMMENT 'Number plate (personal data)',
    `said_at` DateTime64(3, 'UTC') COMMENT 'When it was said',
    `known_from` DateTime64(3, 'UTC') DEFAULT said_at COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it; kept also where is_deleted',
    `version` Int64 COMMENT 'Of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: it no longer belongs to this person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, document_key, source, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 256, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'The identity vault: the one table that says who a pseudonym is. Access is restricted';

CREATE MATERIALIZED VIEW identity_vault_to_residence_changes TO residence_changes
(
    `person_id` FixedString(32),
    `document_key` FixedString(32),
    `version` Int64,
    `residence_code` LowCardinality(String),
    `said_at` DateTime64(3, 'UTC'),
    `known_from` DateTime64(3, 'UTC')
)
AS SELECT
    person_id,
    document_key,
    version,
    residence_code,
    said_at,
    known_from
FROM identity_vault
WHERE source = 'register';

CREATE TABLE migration_steps
(
    `name` String COMMENT 'File of the migration',
    `turn` UInt32 COMMENT 'Turn in which the statement began, of migration_turns',
    `statement` UInt16 COMMENT 'Its number in the file, from 0',
    `sha256` String COMMENT 'Hash of its text',
    `tables_before` UInt64 COMMENT 'Hash of the tables that the migration names, before it',
    `begun_at` DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it began'
)
ENGINE = MergeTree
ORDER BY (name, turn, statement)
SETTINGS index_granularity = 8192
COMMENT 'Statements of migrations that have begun: where one that was cut off goes on';

CREATE TABLE migration_turns
(
    `turn` UInt32 COMMENT 'Number of the turn; the highest holds',
    `holder` String COMMENT 'Machine and process that migrates in this turn',
    `ended` Bool DEFAULT false COMMENT 'Whether the holder has given the turn back',
    `at` DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When the holder was last alive'
)
ENGINE = MergeTree
ORDER BY (turn, at)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Who may migrate: one at a time';

CREATE TABLE migrations
(
    `name` String COMMENT 'File of the migration',
    `sha256` FixedString(64) COMMENT 'Hash of its text when it ran',
    `applied_at` DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When it ran'
)
ENGINE = MergeTree
ORDER BY name
SETTINGS index_granularity = 8192
COMMENT 'Migrations that have run';

CREATE TABLE orders
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `order_id` UUID COMMENT 'The order',
    `entry_id` UUID COMMENT 'Id of what was said of it',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document in the order',
    `kind` LowCardinality(String) COMMENT 'quarantine or home_isolation',
    `status` LowCardinality(String) COMMENT 'in_force or lifted',
    `unit_code` LowCardinality(String) COMMENT 'Commune of the facility or home',
    `begins_at` DateTime64(3, 'UTC') COMMENT 'From when on the person has to stay there',
    `ends_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when; null while that is not decided',
    `issued_at` DateTime64(3, 'UTC') COMMENT 'When the authority said so: of several words on one order the latest holds',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `known_from` DateTime64(3, 'UTC') DEFAULT received_at COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it',
    `known` Bool COMMENT 'Whether the register knows the document',
    `match_name` LowCardinality(String) COMMENT 'Name in the order against the register: equal, near, different, unknown',
    `match_birth_date` LowCardinality(String) COMMENT 'Birth date in the order against the register',
    `match_sex` LowCardinality(String) COMMENT 'Sex in the order against the register',
    `reference_version` Int64 COMMENT 'Version of the reference data known when it was identified',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, order_id, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Quarantine and home isolation orders: everything that was said of each. Query with FINAL';

CREATE MATERIALIZED VIEW orders_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'order' AS kind,
    entry_id AS id,
    issued_at AS at,
    map('order_id', toString(order_id), 'kind', orders.kind, 'status', status, 'unit_code', unit_code, 'begins_at', formatDateTime(begins_at, '%FT%TZ'), 'ends_at', if(ends_at IS NULL, '', formatDateTime(assumeNotNull(ends_at), '%FT%TZ'))) AS what,
    version,
    is_deleted
FROM orders;

CREATE TABLE overrides
(
    `scan_id` UUID COMMENT 'The scan',
    `event_id` UUID COMMENT 'Id of the officer\'s word',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person as the verdict knew them',
    `checkpoint_id` LowCardinality(String) COMMENT 'The post',
    `verdict` LowCardinality(String) COMMENT 'What the verdict said: pass, check_papers, refer or turn_back',
    `decision` LowCardinality(String) COMMENT 'What the officer did',
    `reason` LowCardinality(String) COMMENT 'Why: papers_seen, record_wrong, emergency, official_duty, ordered, diverted or suspicion',
    `overridden_at` DateTime64(3, 'UTC') COMMENT 'When: of several words on one scan the latest holds',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `team` LowCardinality(String) COMMENT 'Account of the checkpoint team',
    `version` Int64 COMMENT 'Offset in the topic: of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (scan_id, event_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'What officers at posts decided otherwise than the verdict. Query with FINAL';

CREATE MATERIALIZED VIEW overrides_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'override' AS kind,
    event_id AS id,
    overridden_at AS at,
    map('scan_id', toString(scan_id), 'checkpoint_id', checkpoint_id, 'verdict', verdict, 'decision', decision, 'reason', reason) AS what,
    version,
    0 AS is_deleted
FROM overrides;

CREATE TABLE person_documents
(
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document',
    `source` LowCardinality(String) COMMENT 'Who says so: register, card or paper_form',
    `document_kind` LowCardinality(String) COMMENT 'cccd, cmnd, bhyt, passport or paper_form; empty when unlinked',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person; zeros where older records did not say whose it no longer is: whoever it was',
    `registered` Bool COMMENT 'Whether the register knows the person',
    `linked_at` DateTime64(3, 'UTC') COMMENT 'Time of the event that said so',
    `version` Int64 COMMENT 'Offset of the link: of rows with equal key the highest holds, and of several persons too',
    `is_deleted` UInt8 COMMENT '1: the source no longer says so of this person'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (document_key, source, person_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Which document belongs to whom, in pseudonyms. Query with FINAL and NOT is_deleted';

CREATE TABLE person_households
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `household_key` FixedString(32) COMMENT 'Pseudonym of the number of the household register',
    `left_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the register that has the person there no longer; null: they live there',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted the row: known from then on',
    `version` Int64 COMMENT 'Of rows with equal key the highest holds'
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (person_id, household_key)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'The same by person. Filled by household_members_to_person_households';

CREATE TABLE positions
(
    `stage` LowCardinality(String) COMMENT 'Stage that writes here',
    `topic` LowCardinality(String) COMMENT 'Kafka topic',
    `partition` UInt16 COMMENT 'Partition of the topic',
    `next_offset` UInt64 COMMENT 'First offset not yet in the tables',
    `version` UInt64 DEFAULT next_offset COMMENT 'epoch * 2^48 + next_offset; the highest row of a partition holds',
    `epoch` UInt32 DEFAULT 0 COMMENT 'Epoch of the log: one begins whenever a log is adopted',
    `cluster_id` String DEFAULT '' COMMENT 'Id that Kafka gave the cluster; empty in positions of earlier releases',
    `topic_id` String DEFAULT '' COMMENT 'Id that Kafka gave the topic: a topic made anew has another one',
    `marks` Array(Tuple(
        Int64,
        Int64,
        UInt32)) DEFAULT [] COMMENT 'Records that were read: offset, time in milliseconds, CRC-32 of the value',
    `generation` UInt32 DEFAULT 0 COMMENT 'Which making of the tables: each rebuild begins the next, and only its writers get on',
    `written_at` DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When the batch before it was written',
    CONSTRAINT of_this_generation CHECK generation = 0
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (stage, topic, partition)
SETTINGS index_granularity = 8192
COMMENT 'How far each partition has been written: kept with the effect, read back after a restart';

CREATE TABLE presences
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `began_at` DateTime64(3, 'UTC') COMMENT 'From when they were there',
    `ended_at` DateTime64(3, 'UTC') COMMENT 'Until when; equal to began_at where only a moment is known, at most a day later',
    `place` String COMMENT 'Where, as kind:id: post:, vehicle: (pseudonym of the plate), site:, meeting:',
    `presence_id` UUID COMMENT 'Id of the event that says so',
    `source` LowCardinality(String) DEFAULT multiIf(startsWith(place, 'vehicle:') AND (ended_at > began_at), 'journey', startsWith(place, 'site:') OR startsWith(place, 'meeting:'), 'report', 'scan') COMMENT 'Which kind of fact says so: scan, journey, site_declaration or report',
    `granularity` LowCardinality(String) DEFAULT if(source = 'journey', 'planned', if(source = 'report', 'minute', 'second')) COMMENT 'How exactly the period is known: second, minute, hour, half_day, day, or planned',
    `distance_m` Nullable(Float32) COMMENT 'How far from the other person, in metres, where it was measured',
    `known_from` DateTime64(3, 'UTC') COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it; kept also where is_deleted',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(began_at)
ORDER BY (person_id, began_at, place, presence_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, min_compress_block_size = 4096, max_compress_block_size = 32768, merge_selector_base = 2
COMMENT 'Who was where and when, from every source: what traces walk along. Query with FINAL and a person';

CREATE TABLE presences_by_place
(
    `place` String COMMENT 'Where, as kind:id',
    `part` LowCardinality(String) COMMENT 'The part of the place they were in, itself a place with rows of its own; empty: this is all that was told',
    `hour` UInt32 COMMENT 'Hours since 1970 UTC; a stay has a row for each hour it touches',
    `began_at` DateTime64(3, 'UTC') COMMENT 'From when they were there',
    `ended_at` DateTime64(3, 'UTC') COMMENT 'Until when',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `presence_id` UUID COMMENT 'Id of the event that says so',
    `source` LowCardinality(String) DEFAULT multiIf(startsWith(place, 'vehicle:') AND (ended_at > began_at), 'journey', startsWith(place, 'site:') OR startsWith(place, 'meeting:'), 'report', 'scan') COMMENT 'Which kind of fact says so: scan, journey, site_declaration or report',
    `granularity` LowCardinality(String) DEFAULT if(source = 'journey', 'planned', if(source = 'report', 'minute', 'second')) COMMENT 'How exactly the period is known: second, minute, hour, half_day, day, or planned',
    `distance_m` Nullable(Float32) COMMENT 'How far from the other person, in metres',
    `known_from` DateTime64(3, 'UTC') COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it; kept also where is_deleted',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
PARTITION BY toYYYYMM(began_at)
ORDER BY (place, hour, began_at, person_id, presence_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, min_compress_block_size = 4096, max_compress_block_size = 32768, merge_selector_base = 2
COMMENT 'The same presences by place and hour: who else was there. Filled by presences_to_presences_by_place';

CREATE MATERIALIZED VIEW presences_by_place_to_presences_sampled TO presences_sampled
(
    `place` String,
    `hour` UInt32,
    `presence_id` UUID,
    `comes` UInt8
)
AS SELECT
    place,
    hour,
    presence_id,
    hour = toUInt32(intDiv(toUnixTimestamp(began_at), 3600)) AS comes
FROM presences_by_place
WHERE (cityHash64(presence_id) % 64) = 0;

CREATE TABLE presences_sampled
(
    `place` String COMMENT 'Where, as kind:id',
    `hour` UInt32 COMMENT 'Hours since 1970 UTC; a stay has a row for each hour it touches',
    `presence_id` UUID COMMENT 'Id of the event that says so',
    `comes` UInt8 COMMENT '1: the presence begins in this hour; 0: it began before'
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(toDateTime(hour * 3600, 'UTC'))
ORDER BY (place, hour, presence_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512
COMMENT 'One presence in 64, by place and hour. Filled by presences_by_place_to_presences_sampled';

CREATE MATERIALIZED VIEW presences_to_presences_by_place TO presences_by_place
(
    `place` String,
    `hour` UInt64,
    `began_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `person_id` FixedString(32),
    `presence_id` UUID,
    `source` LowCardinality(String),
    `granularity` LowCardinality(String),
    `distance_m` Nullable(Float32),
    `known_from` DateTime64(3, 'UTC'),
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    place,
    arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at,
    ended_at,
    person_id,
    presence_id,
    source,
    granularity,
    distance_m,
    known_from,
    formerly,
    version,
    is_deleted
FROM presences;

CREATE MATERIALIZED VIEW presences_to_presences_by_wider_place TO presences_by_place
(
    `place` String,
    `part` String,
    `hour` UInt64,
    `began_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `person_id` FixedString(32),
    `presence_id` UUID,
    `source` LowCardinality(String),
    `granularity` LowCardinality(String),
    `distance_m` Nullable(Float32),
    `known_from` DateTime64(3, 'UTC'),
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    arrayJoin(arrayMap(depth -> arrayStringConcat(arraySlice(splitByChar('/', presences.place), 1, depth), '/'), range(1, length(splitByChar('/', presences.place))))) AS place,
    presences.place AS part,
    arrayJoin(range(toUInt32(intDiv(toUnixTimestamp(began_at), 3600)), toUInt32(intDiv(toUnixTimestamp(ended_at), 3600)) + 1)) AS hour,
    began_at,
    ended_at,
    person_id,
    presence_id,
    source,
    granularity,
    distance_m,
    known_from,
    formerly,
    version,
    is_deleted
FROM presences
WHERE position(presences.place, '/') > 0;

CREATE MATERIALIZED VIEW presences_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'presence' AS kind,
    presence_id AS id,
    began_at AS at,
    map('place', place, 'ended_at', formatDateTime(ended_at, '%FT%TZ'), 'granularity', toString(granularity)) AS what,
    version,
    is_deleted
FROM presences
WHERE source IN ('report', 'site_declaration');

CREATE TABLE reference_checkpoints
(
    `checkpoint_id` LowCardinality(String) COMMENT 'The post',
    `name` String COMMENT 'Name on the ground',
    `unit_code` LowCardinality(String) COMMENT 'Commune it stands in',
    `road` String COMMENT 'Road it controls',
    `latitude` Nullable(Float64) COMMENT 'WGS 84 degrees',
    `longitude` Nullable(Float64) COMMENT 'WGS 84 degrees',
    `side` LowCardinality(String) COMMENT 'Direction of traffic checked there: in, out or both; empty: not known',
    `lanes` Nullable(UInt16) COMMENT 'Lanes in which people are checked at once; null: not known',
    `opens_at` String COMMENT 'Time of day from which it is manned, HH:MM in Vietnam; empty: around the clock',
    `closes_at` String COMMENT 'Time of day until just before which it is manned; earlier than opens_at: past midnight',
    `closed` Bool COMMENT 'Nobody mans it from valid_from on',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (checkpoint_id, version)
SETTINGS index_granularity = 8192
COMMENT 'Every description of a checkpoint ever known';

CREATE TABLE reference_exposure_rules
(
    `rules_id` LowCardinality(String) COMMENT 'Name of the set',
    `source` String COMMENT 'The decision it comes from',
    `days_before_onset` UInt16 COMMENT 'A case with symptoms may infect others from so many days before the first one',
    `days_before_sampling` Nullable(UInt16) COMMENT 'The same before the positive sample of a case without symptoms; null: not settled',
    `overlap_minutes` Float64 COMMENT 'Least time together, where both stays have a length',
    `distance_most_m` Float64 COMMENT 'Farther apart, in metres, is no contact',
    `apart_minutes` Map(String, Float64) COMMENT 'By kind of place: how far apart two moments may be',
    `uncertain_minutes` Map(String, Float64) COMMENT 'By granularity: how far a period known no more exactly may be off; so much time together weighs nothing',
    `latent_hours` Float64 COMMENT 'From exposure until a contact may infect others',
    `vehicles_count` Bool COMMENT 'Whether those who shared a vehicle are contacts',
    `households_count` Bool COMMENT 'Whether those of one household are contacts',
    `follow_days` Nullable(UInt16) COMMENT 'For how many days after the last exposure a contact is watched; null: not settled',
    `assumed` Array(String) COMMENT 'Parameters that the decision does not settle',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (rules_id, version)
SETTINGS index_granularity = 8192
COMMENT 'Every set of exposure rules ever adopted; those shipped stand in schemas/exposure.py';

CREATE TABLE reference_permit_extensions
(
    `decision` String COMMENT 'Number of the decree',
    `ending_from` DateTime64(3, 'UTC') COMMENT 'Permits that end from this instant',
    `ending_to` DateTime64(3, 'UTC') COMMENT 'until this one, both included',
    `extended_to` DateTime64(3, 'UTC') COMMENT 'hold until this one instead',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY version
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Decrees that extended green lane permits';

CREATE TABLE reference_permits
(
    `permit_id` String COMMENT 'Number on the green lane permit (luồng xanh)',
    `vehicle_key` FixedString(32) COMMENT 'Pseudonym of the plate of the vehicle or tractor',
    `trailer_key` String COMMENT 'Pseudonym of the trailer plate; empty where there is none',
    `crew_keys` Array(String) COMMENT 'Pseudonyms of the documents of driver and mates; empty: anybody',
    `roads` Array(String) COMMENT 'Roads of the permitted route; empty: any',
    `revoked_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on it is void',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before, decrees apart; null: without end',
    `version` Int64 COMMENT 'Offset of the reference topic: of several words on one permit the highest holds',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (permit_id, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Every word on every green lane permit';

CREATE TABLE reference_policies
(
    `policy_id` LowCardinality(String) COMMENT 'Name and version of the policy',
    `declaration_valid_hours` UInt32 COMMENT 'How long a declaration counts',
    `decisions` Map(String, String) COMMENT 'Decision per rule whose flag is open at the scan',
    `parameters` String DEFAULT '{}' COMMENT 'Every parameter of the policy, as JSON',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (policy_id, version)
SETTINGS index_granularity = 8192
COMMENT 'Every policy ever adopted';

CREATE TABLE reference_revoked_certificates
(
    `identifier_hash` String COMMENT 'First 16 bytes of the SHA-256 of the certificate identifier (UVCI), in hexadecimal',
    `reason` String COMMENT 'Why; empty if not told',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'Revoked from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'Until just before; null: for good',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (identifier_hash, version)
SETTINGS index_granularity = 8192
COMMENT 'Single health certificates that do not count any more';

CREATE TABLE reference_signers
(
    `key_id` String COMMENT 'Key id (kid) that certificates name it by, in hexadecimal',
    `country` LowCardinality(String) COMMENT 'Country that signs with it',
    `issuer` String COMMENT 'Who signs with it; empty if not told',
    `public_key` String COMMENT 'SubjectPublicKeyInfo in base64',
    `algorithm` LowCardinality(String) COMMENT 'ES256, PS256 or EdDSA',
    `revoked_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'Nothing that it signed counts from this instant on',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'Trusted from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'What it signed has expired from this instant on; null: not limited',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (key_id, country, version)
SETTINGS index_granularity = 8192
COMMENT 'Everything ever known of the signers of health certificates; of one key and country the highest version holds';

CREATE TABLE reference_sources
(
    `source` LowCardinality(String) COMMENT 'What was brought up to date: register, zones or orders',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'State of the source that is known since',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when that counts as fresh; null: until the next',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (source, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'When what the system knows of a source was brought up to date with it';

CREATE TABLE reference_trust_lists
(
    `source` LowCardinality(String) COMMENT 'Where the list comes from',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'State of the list: when it was fetched',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when it may be relied on',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (source, version)
SETTINGS index_granularity = 8192
COMMENT 'When the trust list and its revocations were brought up to date';

CREATE TABLE reference_zones
(
    `unit_code` LowCardinality(String) COMMENT 'Province, district or commune code of 2021',
    `level` LowCardinality(String) COMMENT 'green, yellow, orange or red',
    `valid_from` DateTime64(3, 'UTC') COMMENT 'In force from this instant',
    `valid_to` Nullable(DateTime64(3, 'UTC')) COMMENT 'In force until just before; null: until the next change',
    `decision` String COMMENT 'Number of the decision',
    `version` Int64 COMMENT 'Offset of the reference topic: version from which it was known',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it'
)
ENGINE = ReplacingMergeTree
ORDER BY (unit_code, version)
SETTINGS index_granularity = 8192
COMMENT 'Every zone decision ever known';

CREATE TABLE residence_changes
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document with which the register had the person',
    `version` Int64 COMMENT 'Of what the register had said with a document the highest held',
    `residence_code` LowCardinality(String) COMMENT 'Unit code of the residence; empty: the register had none',
    `said_at` DateTime64(3, 'UTC') COMMENT 'State of the register that said so',
    `known_from` DateTime64(3, 'UTC') COMMENT 'When the door accepted what says so: known from then on'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, document_key, version)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 128, min_compress_block_size = 4096, max_compress_block_size = 32768
COMMENT 'Everything the register ever said of who resides where, for answers as they would have been given earlier. Filled by identity_vault_to_residence_changes';

CREATE TABLE reveals
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person who was looked up',
    `revealed_at` DateTime64(3, 'UTC') COMMENT 'When',
    `event_id` UUID COMMENT 'Id of the event',
    `request_id` UUID COMMENT 'The request that asked for several at once',
    `handover_id` UUID COMMENT 'The list that gave the right to ask; zeros where a trace did',
    `question` String COMMENT 'The trace that gave the right to ask, as it was asked (JSON); empty where a list did',
    `account` String COMMENT 'Who was told',
    `role` LowCardinality(String) COMMENT 'In which role',
    `purpose` String COMMENT 'Why, in their own words (may hold personal data)'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, revealed_at, event_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Every look into the identity vault: written before the answer was given. Access is restricted';

CREATE TABLE scans
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `scan_id` UUID COMMENT 'Id of the scan event',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document shown',
    `declaration_id` Nullable(UUID) COMMENT 'The declaration that our own code names',
    `shown_kind` LowCardinality(String) COMMENT 'What was shown: token, card_qr, bhyt_qr, typed_number, paper_serial',
    `code_key` String COMMENT 'Pseudonym of the document that our code is of, where another document was checked beside it; empty if none was',
    `code_fault` LowCardinality(String) COMMENT 'Why our code cannot be trusted: unreadable, key_unknown, key_revoked, signature_wrong; empty if it can',
    `checkpoint_id` LowCardinality(String) COMMENT 'The post (chốt)',
    `direction` LowCardinality(String) COMMENT 'in, out or through',
    `vehicle_key` String COMMENT 'Pseudonym of the number plate; empty if none',
    `green_lane` Bool DEFAULT false COMMENT 'Whether the vehicle used the green lane',
    `permit_id` String DEFAULT '' COMMENT 'Number on the green lane permit that was shown',
    `team` LowCardinality(String) COMMENT 'Account of the checkpoint team',
    `certificate_grade` LowCardinality(String) COMMENT 'Grade of the health certificate shown: valid, signer_unknown, expired, not_yet_valid, tampered, revoked, list_out_of_date; empty if none',
    `certificate_kind` LowCardinality(String) COMMENT 'vaccination, test or recovery; empty if none or tampered',
    `certificate_country` LowCardinality(String) COMMENT 'Country that issued it, as it says',
    `certificate_doses` Nullable(UInt8) COMMENT 'Doses received, as it says',
    `certificate_doses_needed` Nullable(UInt8) COMMENT 'Doses of the whole series, as it says',
    `certificate_result` LowCardinality(String) COMMENT 'Result of the test: positive or negative; empty if none',
    `certificate_dated_at` Nullable(DateTime64(3, 'UTC')) COMMENT 'Day of the dose, time of the sample or day of the first positive test',
    `certificate_match_name` LowCardinality(String) DEFAULT 'unknown' COMMENT 'Name on the certificate against the register, or against the card where the register does not know it',
    `certificate_match_birth_date` LowCardinality(String) DEFAULT 'unknown' COMMENT 'Birth date on the certificate against the register or the card',
    `scanned_at` DateTime64(3, 'UTC') COMMENT 'Clock of the checkpoint',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `known_from` DateTime64(3, 'UTC') DEFAULT received_at COMMENT 'From when it was known to be the person\'s: when the door accepted it, or the link that leads here',
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))) COMMENT 'Periods in which it was known to be the person\'s before a link moved it',
    `known` Bool COMMENT 'Whether the register knows the document',
    `match_name` LowCardinality(String) COMMENT 'Name on the card against the register: equal, near, different, unknown',
    `match_birth_date` LowCardinality(String) COMMENT 'Birth date on the card against the register',
    `match_sex` LowCardinality(String) COMMENT 'Sex on the card against the register',
    `reference_version` Int64 COMMENT 'Version of the reference data known when it was identified',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, scanned_at, scan_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Checks at checkpoints. Query with FINAL and a person';

CREATE MATERIALIZED VIEW scans_to_presences TO presences
(
    `person_id` FixedString(32),
    `began_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `place` String,
    `presence_id` UUID,
    `known_from` DateTime64(3, 'UTC'),
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    scanned_at AS began_at,
    scanned_at AS ended_at,
    arrayJoin(if(vehicle_key = '', [concat('post:', checkpoint_id)], [concat('post:', checkpoint_id), concat('vehicle:', vehicle_key)])) AS place,
    scan_id AS presence_id,
    known_from,
    formerly,
    version,
    is_deleted
FROM scans;

CREATE MATERIALIZED VIEW scans_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, LowCardinality(String)),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'scan' AS kind,
    scan_id AS id,
    scanned_at AS at,
    map('checkpoint_id', checkpoint_id, 'direction', direction, 'shown_kind', shown_kind) AS what,
    version,
    is_deleted
FROM scans;

CREATE MATERIALIZED VIEW site_declarations_to_presences TO presences
(
    `person_id` FixedString(32),
    `began_at` DateTime64(3, 'UTC'),
    `ended_at` DateTime64(3, 'UTC'),
    `place` LowCardinality(String),
    `presence_id` UUID,
    `source` String,
    `granularity` String,
    `known_from` DateTime64(3, 'UTC'),
    `formerly` Array(Tuple(
        known_from DateTime64(3, 'UTC'),
        known_until DateTime64(3, 'UTC'))),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    declared_at AS began_at,
    declared_at AS ended_at,
    concat('site:', site_id) AS place,
    entry_id AS presence_id,
    'site_declaration' AS source,
    'second' AS granularity,
    known_from,
    formerly,
    version,
    is_deleted
FROM declarations
WHERE site_id != '';

CREATE TABLE timeline
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `kind` LowCardinality(String) COMMENT 'declaration, cancellation, scan, verdict, override, dose, test, order, flag, case or presence',
    `id` UUID COMMENT 'The declaration, scan, dose or flag; a verdict bears the id of its scan',
    `at` DateTime64(3, 'UTC') COMMENT 'When it happened',
    `what` Map(LowCardinality(String), String) COMMENT 'What is told of it',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, kind, id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 512, min_compress_block_size = 4096, max_compress_block_size = 32768, merge_selector_base = 2
COMMENT 'Everything known of a person in one place, so that one question finds it. Filled by views from the tables of each kind. Query with FINAL';

CREATE TABLE vaccinations
(
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person',
    `entry_id` UUID COMMENT 'Id of the dose event',
    `document_key` FixedString(32) COMMENT 'Pseudonym of the document in the dose record',
    `dose_number` UInt8 COMMENT '1 for the first dose',
    `product` LowCardinality(String) COMMENT 'Vaccine as written in the export',
    `facility` LowCardinality(String) COMMENT 'Where it was given; empty if unknown',
    `administered_on` Date32 COMMENT 'Day it was given',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    `known` Bool COMMENT 'Whether the register knows the document',
    `match_name` LowCardinality(String) COMMENT 'Name in the dose record against the register: equal, near, different, unknown',
    `match_birth_date` LowCardinality(String) COMMENT 'Birth date in the dose record against the register',
    `match_sex` LowCardinality(String) COMMENT 'Sex in the dose record against the register',
    `reference_version` Int64 COMMENT 'Version of the reference data known when it was identified',
    `version` Int64 COMMENT 'Revision: of rows with equal key the highest holds',
    `is_deleted` UInt8 COMMENT '1: a link moved it to another person'
)
ENGINE = ReplacingMergeTree(version, is_deleted)
ORDER BY (person_id, administered_on, entry_id)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'Vaccine doses. Query with FINAL and a person';

CREATE MATERIALIZED VIEW vaccinations_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'dose' AS kind,
    entry_id AS id,
    toDateTime64(administered_on, 3, 'UTC') AS at,
    map('dose_number', toString(dose_number), 'product', product, 'facility', facility) AS what,
    version,
    is_deleted
FROM vaccinations;

CREATE TABLE verdicts
(
    `scan_id` UUID COMMENT 'The scan it answers',
    `person_id` FixedString(32) COMMENT 'Pseudonym of the person the scan was ascribed to then',
    `document_key` String COMMENT 'Pseudonym of the document scanned; empty in verdicts of earlier releases',
    `checkpoint_id` LowCardinality(String) COMMENT 'The post',
    `decision` LowCardinality(String) COMMENT 'pass, check_papers, refer or turn_back',
    `reasons` Array(LowCardinality(String)) COMMENT 'Reason codes, most telling first',
    `flag_ids` Array(UUID) COMMENT 'Flags it rests on',
    `policy_id` LowCardinality(String) COMMENT 'The policy applied',
    `reference_version` Int64 COMMENT 'Version of the reference data',
    `registered` Bool COMMENT 'Whether the register knew the document',
    `certificate_grade` LowCardinality(String) COMMENT 'Grade of the health certificate shown; empty if none',
    `certificate_kind` LowCardinality(String) COMMENT 'vaccination, test or recovery; empty if none',
    `valid_until` Nullable(DateTime64(3, 'UTC')) COMMENT 'Until when the decision may be relied on; null: not told',
    `register_as_of` Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the population register it rests on; null: not fresh at the scan',
    `zones_as_of` Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the levels of zones it rests on; null: not fresh at the scan',
    `orders_as_of` Nullable(DateTime64(3, 'UTC')) COMMENT 'State of the orders it rests on; null: not fresh at the scan',
    `scanned_at` DateTime64(3, 'UTC') COMMENT 'Time of the scan',
    `received_at` DateTime64(3, 'UTC') COMMENT 'When the door accepted the scan',
    `decided_at` DateTime64(3, 'UTC') COMMENT 'When the verdict was reached',
    `precedence` Int64 COMMENT 'Minus the offset in the verdicts topic: of two verdicts on one scan the first holds'
)
ENGINE = ReplacingMergeTree(precedence)
PRIMARY KEY scan_id
ORDER BY (scan_id, document_key)
SETTINGS non_replicated_deduplication_window = 1000, index_granularity = 8192
COMMENT 'One decision per scan';

CREATE MATERIALIZED VIEW verdicts_to_timeline TO timeline
(
    `person_id` FixedString(32),
    `kind` String,
    `id` UUID,
    `at` DateTime64(3, 'UTC'),
    `what` Map(String, String),
    `version` Int64,
    `is_deleted` UInt8
)
AS SELECT
    person_id,
    'verdict' AS kind,
    scan_id AS id,
    scanned_at AS at,
    map('decision', decision, 'reasons', arrayStringConcat(reasons, ',')) AS what,
    precedence AS version,
    0 AS is_deleted
FROM verdicts;

