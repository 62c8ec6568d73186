-- Reports on people by the day, under any of their pseudonyms.
SELECT toString(n.person_id) AS person_id,
    argMaxIf(f.status, (f.reported_at, f.received_at, f.event_id), f.day = {day:Date}) AS reported,
    argMaxIf(f.symptoms, (f.reported_at, f.received_at, f.event_id),
        f.day = {day:Date}) AS symptoms,
    argMaxIf(tuple(f.temperature_c), (f.reported_at, f.received_at, f.event_id),
        f.day = {day:Date}).1 AS temperature_c,
    argMaxIf(f.status, (f.day, f.reported_at, f.received_at, f.event_id),
        f.day < {day:Date}) AS last_status
FROM follow_ups AS f
INNER JOIN names AS n ON n.reported_as = f.person_id
WHERE f.person_id IN (SELECT reported_as FROM names) AND f.day <= {day:Date}
GROUP BY n.person_id
