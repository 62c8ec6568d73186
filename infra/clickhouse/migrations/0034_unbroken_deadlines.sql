-- Of two reports on a case that were made at once, the one received last holds.
DROP VIEW IF EXISTS current_cases;

CREATE VIEW current_cases
(
    case_id UUID COMMENT 'The case (F0)',
    person_id FixedString(32) COMMENT 'Pseudonym of the person',
    status String COMMENT 'confirmed or retracted',
    onset_at Nullable(DateTime64(3, 'UTC')) COMMENT 'First symptoms; null for a case without any',
    sampled_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When the positive sample was taken',
    isolated_at Nullable(DateTime64(3, 'UTC')) COMMENT 'From when on they could infect nobody else',
    last_reported_at DateTime64(3, 'UTC') COMMENT 'Of the report that holds',
    reports UInt64 COMMENT 'How many there are'
)
AS SELECT case_id, argMax(person_id, (reported_at, received_at, entry_id)) AS person_id,
    argMax(status, (reported_at, received_at, entry_id)) AS status,
    argMax(tuple(onset_at), (reported_at, received_at, entry_id)).1 AS onset_at,
    argMax(tuple(sampled_at), (reported_at, received_at, entry_id)).1 AS sampled_at,
    argMax(tuple(isolated_at), (reported_at, received_at, entry_id)).1 AS isolated_at, max(reported_at) AS last_reported_at, count() AS reports
FROM cases FINAL
GROUP BY case_id
COMMENT 'Each case as the latest report says';

-- A list that is revised before anybody has received it is not younger for that: its deadline, and whom it was shown to, stay.
DROP VIEW IF EXISTS current_handovers;

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
    waiting_since DateTime64(3, 'UTC') COMMENT 'First issue since the last one that was received: the deadline counts from here',
    deadline_at DateTime64(3, 'UTC') COMMENT 'Until when its receipt has to be acknowledged: a revision gives no more time',
    issued_at DateTime64(3, 'UTC') COMMENT 'When it was issued',
    issued_by String COMMENT 'Account that issued it',
    acknowledged_at Nullable(DateTime64(3, 'UTC')) COMMENT 'When this issue was received; null: not yet',
    acknowledged_by String COMMENT 'By which account',
    escalated_to Array(String) COMMENT 'Committees above that were told of it since then, in the order in which they were'
)
AS SELECT i.handover_id AS handover_id, i.issue_id AS issue_id, i.revision AS revision, i.case_id AS case_id, i.unit_code AS unit_code,
    i.people AS people, i.rules_id AS rules_id, i.depth AS depth, i.follow_days AS follow_days, i.unlisted AS unlisted,
    i.waiting_since AS waiting_since,
    addMilliseconds(i.waiting_since, dateDiff('millisecond', i.issued_at, i.until_at)) AS deadline_at, i.issued_at AS issued_at, i.issued_by AS issued_by,
    a.acknowledged_at AS acknowledged_at, a.acknowledged_by AS acknowledged_by,
    arrayDistinct(arrayMap(one -> one.2, arraySort(arrayFilter(one -> one.1 >= i.waiting_since, e.told)))) AS escalated_to
FROM
(
    SELECT h.handover_id AS handover_id, argMax(h.issue_id, (h.issued_at, h.issue_id)) AS issue_id, uniqExact(h.issue_id) AS revision,
        any(h.case_id) AS case_id, any(h.unit_code) AS unit_code, argMax(h.people, (h.issued_at, h.issue_id)) AS people,
        argMax(h.rules_id, (h.issued_at, h.issue_id)) AS rules_id, argMax(h.depth, (h.issued_at, h.issue_id)) AS depth,
        argMax(h.follow_days, (h.issued_at, h.issue_id)) AS follow_days, argMax(h.unlisted, (h.issued_at, h.issue_id)) AS unlisted,
        argMax(h.deadline_at, (h.issued_at, h.issue_id)) AS until_at, argMax(h.issued_by, (h.issued_at, h.issue_id)) AS issued_by,
        max(h.issued_at) AS issued_at,
        arraySort(groupUniqArray((h.issued_at, h.issue_id, h.issue_id IN (SELECT issue_id FROM handover_acknowledgements)))) AS issues,
        issues[1 + arrayLastIndex(one -> one.3, arrayPopBack(issues))].1 AS waiting_since
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
    SELECT handover_id, groupUniqArray((escalated_at, to_unit_code)) AS told
    FROM handover_escalations FINAL
    GROUP BY handover_id
) AS e ON e.handover_id = i.handover_id
COMMENT 'Each list as it stands: its last issue, and whether it was received'
