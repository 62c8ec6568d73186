-- The latest report known at `known_at`; its person is the one whose it was known to be then.
SELECT toString(entry_id) AS entry_id, toString(person_id) AS person_id, status, onset_at,
    sampled_at, isolated_at
FROM
(
    SELECT entry_id, person_id, any(c.status) AS status, any(c.onset_at) AS onset_at,
        any(c.sampled_at) AS sampled_at,
        any(c.isolated_at) AS isolated_at, any(c.reported_at) AS reported_at,
        any(c.received_at) AS received_at,
        argMax((c.is_deleted, c.known_from, c.formerly), c.version) AS held
    FROM cases AS c
    WHERE c.case_id = {case_id:UUID}
    GROUP BY entry_id, person_id
    HAVING (held.1 = 0 AND held.2 <= {known_at:DateTime64(3)})
        OR arrayExists(period -> period.1 <= {known_at:DateTime64(3)}
            AND period.2 > {known_at:DateTime64(3)}, held.3)
)
ORDER BY reported_at DESC, received_at DESC, entry_id DESC
LIMIT 1
