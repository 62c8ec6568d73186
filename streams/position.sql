INSERT INTO positions (stage, topic, partition, next_offset, generation)
SELECT {stage:String}, {topic:String}, {partition:UInt16}, {next_offset:UInt64}, {generation:UInt32}
