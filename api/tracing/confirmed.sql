SELECT toString(argMax(person_id, (reported_at, entry_id))) AS person_id, argMax(tuple(onset_at), (reported_at, entry_id)).1 AS onset,
    argMax(tuple(sampled_at), (reported_at, entry_id)).1 AS sampled, argMax(tuple(isolated_at), (reported_at, entry_id)).1 AS isolated
FROM cases FINAL
WHERE received_at <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
GROUP BY case_id
HAVING argMax(status, (reported_at, entry_id)) = 'confirmed'
