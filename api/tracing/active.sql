-- Counts the people whose pseudonym comes before `below`. Pseudonyms are as good as drawn at
-- random, so a part of them stands for all.
SELECT uniq(person_id) AS people
FROM presences
PREWHERE person_id < {below:String}
    AND began_at >= fromUnixTimestamp64Milli({since:Int64}, 'UTC')
    AND began_at <= fromUnixTimestamp64Milli({until:Int64}, 'UTC')
WHERE known_from <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
