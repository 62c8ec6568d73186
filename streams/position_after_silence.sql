-- It is refused where the table has less than was written: what lies between would stay lost.
INSERT INTO positions
    (stage, topic, partition, next_offset, version, epoch, cluster_id, topic_id, marks, generation)
SELECT {stage:String}, {topic:String}, {partition:UInt16}, {next_offset:UInt64}, {version:UInt64},
    {epoch:UInt32}, {cluster_id:String}, {topic_id:String},
    {marks:Array(Tuple(Int64, Int64, UInt32))}, {generation:UInt32}
WHERE throwIf(
    (
        SELECT max(version)
        FROM positions
        WHERE stage = {stage:String} AND topic = {topic:String} AND partition = {partition:UInt16}
    ) < {written:UInt64},
    'the tables lost what was in them'
) = 0
