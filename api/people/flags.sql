SELECT
    toString(f.flag_id) AS flag_id,
    toString(f.person_id) AS person_id,
    f.rule AS rule,
    f.subject AS subject,
    toString(f.state) AS state,
    f.reasons AS reasons,
    f.causes AS causes,
    f.occurred_at AS occurred_at,
    f.raised_at AS raised_at,
    f.cleared_at AS cleared_at,
    f.reference_version AS reference_version
FROM flags AS f FINAL
WHERE ({rule:String} = '' OR f.rule = {rule:String})
    AND ({state:String} = '' OR f.state = {state:String})
    AND ({person_id:String} = '' OR f.person_id = {person_id:String})
    AND f.occurred_at >= {since:DateTime64(3)}
    AND (
        f.person_id > {after_person:String}
        OR (f.person_id = {after_person:String} AND f.flag_id > {after_flag:UUID})
    )
ORDER BY f.person_id, f.flag_id
LIMIT {limit:UInt32}
