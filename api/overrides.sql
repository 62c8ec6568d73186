WITH holding AS
(
    SELECT checkpoint_id, argMax(tuple(verdict, decision, reason), tuple(overridden_at, version)) AS said
    FROM overrides FINAL
    WHERE overridden_at >= {from:DateTime64(3)} AND overridden_at < {to:DateTime64(3)}
        AND ({checkpoint_id:String} = '' OR checkpoint_id = {checkpoint_id:String})
    GROUP BY scan_id, checkpoint_id
)
SELECT checkpoint_id, said.1 AS verdict, said.2 AS decision, said.3 AS reason, count() AS scans
FROM holding
GROUP BY ALL
ORDER BY scans DESC, checkpoint_id, verdict, decision, reason
