-- Each scan counts by the last word on it, if that word lies in the period. A scan whose last word
-- is the verdict's own decision counts no more.
WITH holding AS
(
    SELECT
        checkpoint_id,
        argMax(tuple(verdict, decision, reason), tuple(overridden_at, version)) AS last_word,
        max(overridden_at) AS decided_at
    FROM overrides FINAL
    WHERE {checkpoint_id:String} = '' OR checkpoint_id = {checkpoint_id:String}
    GROUP BY scan_id, checkpoint_id
)
SELECT
    checkpoint_id,
    last_word.1 AS verdict,
    last_word.2 AS decision,
    last_word.3 AS reason,
    count() AS scans
FROM holding
WHERE decided_at >= {from:DateTime64(3)} AND decided_at < {to:DateTime64(3)} AND verdict != decision
GROUP BY ALL
ORDER BY scans DESC, checkpoint_id, verdict, decision, reason
