-- Every case confirmed by the latest report known at `known_at`. Each is at the person whose it was
-- known to be then.
SELECT toString(argMax(person_id, (reported_at, received_at, entry_id))) AS person_id,
    argMax(tuple(onset_at), (reported_at, received_at, entry_id)).1 AS onset,
    argMax(tuple(sampled_at), (reported_at, received_at, entry_id)).1 AS sampled,
    argMax(tuple(isolated_at), (reported_at, received_at, entry_id)).1 AS isolated
FROM
(
    SELECT case_id, entry_id, person_id, any(c.status) AS status, any(c.onset_at) AS onset_at,
        any(c.sampled_at) AS sampled_at,
        any(c.isolated_at) AS isolated_at, any(c.reported_at) AS reported_at,
        any(c.received_at) AS received_at,
        argMax((c.is_deleted, c.known_from, c.formerly), c.version) AS held
    FROM cases AS c
    GROUP BY case_id, entry_id, person_id
    HAVING (held.1 = 0 AND held.2 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'))
        OR arrayExists(period -> period.1 <= fromUnixTimestamp64Milli({known_at:Int64}, 'UTC')
            AND period.2 > fromUnixTimestamp64Milli({known_at:Int64}, 'UTC'), held.3)
)
GROUP BY case_id
HAVING argMax(status, (reported_at, received_at, entry_id)) = 'confirmed'
