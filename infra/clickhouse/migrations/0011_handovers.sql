CREATE TABLE handover_issues
(
    handover_id UUID COMMENT 'The list of one case for one commune',
    issued_at DateTime64(3, 'UTC') COMMENT 'When this issue of it was made',
    issue_id UUID COMMENT 'The issue; of the issues of one list the latest holds',
    case_id UUID COMMENT 'The case (F0) that the trace began with',
    unit_code LowCardinality(String) COMMENT 'Commune whose people they are; empty if nobody knows it',
    people UInt32 COMMENT 'How many people it lists; 0 withdraws the list',
    rules_id LowCardinality(String) COMMENT 'Set of exposure rules of the trace',
    depth UInt8 COMMENT 'Generations followed',
    follow_days UInt16 COMMENT 'For how many days after the last exposure they are watched',
    unlisted UInt32 COMMENT 'Contacts in crowds that lie below the cut of the trace',
    deadline_at DateTime64(3, 'UTC') COMMENT 'Until when its receipt has to be acknowledged',
    issued_by String COMMENT 'Account that issued it'
)
ENGINE = ReplacingMergeTree
ORDER BY (handover_id, issued_at, issue_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every issue of every list of contacts handed over to a commune';

CREATE TABLE handover_people
(
    issue_id UUID COMMENT 'The issue of the list',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    handover_id UUID COMMENT 'The list',
    case_id UUID COMMENT 'The case (F0) that the trace began with',
    unit_code LowCardinality(String) COMMENT 'Commune of residence; empty if nobody knows it',
    generation UInt8 COMMENT '1 for F1, 2 for F2 …',
    exposed_at DateTime64(3, 'UTC') COMMENT 'When they may have caught it',
    last_exposed_at DateTime64(3, 'UTC') COMMENT 'End of the last contact with somebody who may have infected them',
    follow_until Date COMMENT 'Last day on which they are watched, in Vietnam',
    source_id FixedString(32) COMMENT 'Pseudonym of who may have infected them',
    place String COMMENT 'Where, as kind:id',
    issued_at DateTime64(3, 'UTC') COMMENT 'When the list was issued'
)
ENGINE = ReplacingMergeTree
ORDER BY (issue_id, person_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'The lines of every issue. Query with FINAL and an issue';

CREATE TABLE handover_acknowledgements
(
    issue_id UUID COMMENT 'The issue that was received',
    handover_id UUID COMMENT 'The list',
    acknowledged_at DateTime64(3, 'UTC') COMMENT 'When; of several the first counts',
    acknowledged_by String COMMENT 'Account of the committee',
    event_id UUID COMMENT 'Id of the event that says so'
)
ENGINE = ReplacingMergeTree
ORDER BY (issue_id, acknowledged_at, event_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Receipts of lists';

CREATE TABLE handover_escalations
(
    issue_id UUID COMMENT 'The issue that nobody acknowledged in time',
    to_unit_code LowCardinality(String) COMMENT 'District or province that was told',
    handover_id UUID COMMENT 'The list',
    escalated_at DateTime64(3, 'UTC') COMMENT 'When'
)
ENGINE = ReplacingMergeTree
ORDER BY (issue_id, to_unit_code)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Lists shown to the committee above, because nobody acknowledged them';

CREATE VIEW current_handovers
(
    handover_id UUID COMMENT 'The list of one case for one commune',
    issue_id UUID COMMENT 'The issue that holds',
    revision UInt64 COMMENT 'Its number: 1 for the first',
    case_id UUID COMMENT 'The case (F0)',
    unit_code String COMMENT 'Commune whose people they are; empty if nobody knows it',
    people UInt32 COMMENT 'How many people it lists; 0: withdrawn',
    rules_id String COMMENT 'Set of exposure rules of the trace',
    depth UInt8 COMMENT 'Generations followed',
    follow_days UInt16 COMMENT 'For how many days after the last exposure they are watched',
    unlisted UInt32 COMMENT 'Contacts in crowds that lie below the cut of the trace',
    deadline_at DateTime64(3, 'UTC') COMMENT 'Until when its receipt has to be acknowledged',
    issued_at DateTime64(3, 'UTC') COMMENT 'When it was issued',
    issued_by String COMMENT 'Account that issued it',
    acknowledged_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When this issue was received; null: not yet',
    acknowledged_by String COMMENT 'By which account',
    escalated_to Array(String) COMMENT 'Committees above that were told of this issue, in the order in which they were'
)
AS SELECT i.handover_id AS handover_id, i.issue_id AS issue_id, i.revision AS revision, i.case_id AS case_id, i.unit_code AS unit_code,
    i.people AS people, i.rules_id AS rules_id, i.depth AS depth, i.follow_days AS follow_days, i.unlisted AS unlisted,
    i.deadline_at AS deadline_at, i.issued_at AS issued_at, i.issued_by AS issued_by, a.acknowledged_at AS acknowledged_at,
    a.acknowledged_by AS acknowledged_by, e.escalated_to AS escalated_to
FROM
(
    SELECT h.handover_id AS handover_id, argMax(h.issue_id, (h.issued_at, h.issue_id)) AS issue_id, uniqExact(h.issue_id) AS revision,
        any(h.case_id) AS case_id, any(h.unit_code) AS unit_code, argMax(h.people, (h.issued_at, h.issue_id)) AS people,
        argMax(h.rules_id, (h.issued_at, h.issue_id)) AS rules_id, argMax(h.depth, (h.issued_at, h.issue_id)) AS depth,
        argMax(h.follow_days, (h.issued_at, h.issue_id)) AS follow_days, argMax(h.unlisted, (h.issued_at, h.issue_id)) AS unlisted,
        argMax(h.deadline_at, (h.issued_at, h.issue_id)) AS deadline_at, argMax(h.issued_by, (h.issued_at, h.issue_id)) AS issued_by,
        max(h.issued_at) AS issued_at
    FROM handover_issues AS h
    GROUP BY h.handover_id
) AS i
LEFT JOIN
(
    SELECT r.issue_id AS issue_id, min(toNullable(r.acknowledged_at)) AS acknowledged_at,
        argMin(r.acknowledged_by, (r.acknowledged_at, r.event_id)) AS acknowledged_by
    FROM handover_acknowledgements AS r
    GROUP BY r.issue_id
) AS a ON a.issue_id = i.issue_id
LEFT JOIN
(
    SELECT issue_id, arrayMap(one -> one.2, arraySort(groupUniqArray((escalated_at, to_unit_code)))) AS escalated_to
    FROM handover_escalations FINAL
    GROUP BY issue_id
) AS e ON e.issue_id = i.issue_id
COMMENT 'Each list as it stands: its last issue, and whether it was received';

CREATE TABLE follow_ups
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    day Date COMMENT 'The day, in Vietnam',
    event_id UUID COMMENT 'Id of the report; of the reports on one day the latest holds',
    status LowCardinality(String) COMMENT 'seen, not_seen or lost',
    symptoms Array(LowCardinality(String)) COMMENT 'Symptoms on that day, by code',
    temperature_c Nullable(Float32) COMMENT 'Body temperature in °C',
    reported_at DateTime64(3, 'UTC') COMMENT 'When it was found',
    received_at DateTime64(3, 'UTC') COMMENT 'When the door accepted it',
    reported_by String COMMENT 'Account that reported it'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, day, event_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every report on the follow-up of contacts';

CREATE VIEW followed_people
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    unit_code String COMMENT 'Commune that follows them; empty if nobody knows where they live',
    generation UInt8 COMMENT 'Nearest to any case: 1 for F1',
    exposed_at DateTime64(3, 'UTC') COMMENT 'First exposure to any case',
    last_exposed_at DateTime64(3, 'UTC') COMMENT 'Last exposure to any case',
    follow_until Date COMMENT 'Last day on which they are watched, by the last exposure to any case',
    case_ids Array(UUID) COMMENT 'Cases whose lists they are on',
    handover_ids Array(UUID) COMMENT 'Lists they are on'
)
AS SELECT person_id, argMax(unit_code, issued_at) AS unit_code, min(generation) AS generation, min(p.exposed_at) AS exposed_at,
    max(p.last_exposed_at) AS last_exposed_at, max(p.follow_until) AS follow_until, groupUniqArray(case_id) AS case_ids,
    groupUniqArray(handover_id) AS handover_ids
FROM handover_people AS p FINAL
WHERE issue_id IN (SELECT issue_id FROM current_handovers WHERE people > 0)
GROUP BY person_id
COMMENT 'Everybody on a list that holds, once: who is to be watched, and until when';

CREATE TABLE reveals
(
    person_id FixedString(32) COMMENT 'Pseudonym of the person who was looked up',
    revealed_at DateTime64(3, 'UTC') COMMENT 'When',
    event_id UUID COMMENT 'Id of the event',
    request_id UUID COMMENT 'The request that asked for several at once',
    handover_id UUID COMMENT 'The list that gave the right to ask',
    account String COMMENT 'Who was told',
    role LowCardinality(String) COMMENT 'In which role',
    purpose String COMMENT 'Why, in their own words (may hold personal data)'
)
ENGINE = ReplacingMergeTree
ORDER BY (person_id, revealed_at, event_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every look into the identity vault: written before the answer was given. Access is restricted'
