INSERT INTO positions
    (stage, topic, partition, next_offset, version, epoch, cluster_id, topic_id, marks, generation)
SELECT {stage:String}, {topic:String}, {partition:UInt16}, {next_offset:UInt64}, {version:UInt64},
    {epoch:UInt32}, {cluster_id:String}, {topic_id:String},
    {marks:Array(Tuple(Int64, Int64, UInt32))}, {generation:UInt32}
