SELECT l.stage AS stage,
    l.source_topic AS source_topic,
    l.source_partition AS source_partition,
    l.source_offset AS source_offset,
    l.kind AS kind,
    l.reason AS reason,
    l.schema_id AS schema_id,
    hex(l.record_key) AS record_key,
    hex(l.record_value) AS record_value,
    l.failed_at AS failed_at,
    s.outcome AS outcome
FROM dead_letters AS l FINAL
LEFT JOIN
(
    SELECT source_topic, source_partition, source_offset, argMax(outcome, settled_at) AS outcome
    FROM dead_letter_settlements
    GROUP BY source_topic, source_partition, source_offset
) AS s ON s.source_topic = l.source_topic
    AND s.source_partition = l.source_partition
    AND s.source_offset = l.source_offset
WHERE ({topic:String} = '' OR l.source_topic = {topic:String})
    AND ({partition:Int32} < 0 OR l.source_partition = {partition:Int32})
    AND ({offset:Int64} < 0 OR l.source_offset = {offset:Int64})
    AND positionCaseInsensitive(l.reason, {reason:String}) > 0
    AND ({settled:Bool} OR outcome = '')
ORDER BY l.failed_at, source_topic, source_partition, source_offset
LIMIT {limit:UInt32}
