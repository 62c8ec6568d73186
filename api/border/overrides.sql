-- By the last word on each scan, if that lies in the period; one that came back to the verdict counts no more.
WITH holding AS
(
    SELECT checkpoint_id, argMax(tuple(verdict, decision, reason), tuple(overridden_at, version)) AS said, max(overridden_at) AS said_at
    FROM overrides FINAL
    WHERE {checkpoint_id:String} = '' OR checkpoint_id = {checkpoint_id:String}
    GROUP BY scan_id, checkpoint_id
)
SELECT checkpoint_id, said.1 AS verdict, said.2 AS decision, said.3 AS reason, count() AS scans
FROM holding
WHERE said_at >= {from:DateTime64(3)} AND said_at < {to:DateTime64(3)} AND verdict != decision
GROUP BY ALL
ORDER BY scans DESC, checkpoint_id, verdict, decision, reason
