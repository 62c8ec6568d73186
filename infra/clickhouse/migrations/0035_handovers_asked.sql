-- What was asked of a case is not on its lists: not the milestones, nor a depth at which nobody was found.
CREATE TABLE IF NOT EXISTS handovers_asked
(
    case_id UUID COMMENT 'The case (F0)',
    asked_at DateTime64(3, 'UTC') COMMENT 'When it was handed over',
    event_id UUID COMMENT 'Id of the event',
    report_id UUID COMMENT 'Report on the case that the trace went by; a later one makes its lists outdated',
    question String COMMENT 'What was said of the trace and of the follow-up, as JSON; what was left open is not in it',
    issued UInt32 COMMENT 'How many lists it issued or revised',
    asked_by String COMMENT 'Account that did it'
)
ENGINE = ReplacingMergeTree
ORDER BY (case_id, asked_at, event_id)
SETTINGS non_replicated_deduplication_window = 1000
COMMENT 'Every time a case was handed over, also when no list changed'
