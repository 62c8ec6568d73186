-- An office whose people meet everybody else in the morning and in the afternoon of five days.
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT pseudonym(900000000 + number % {people:UInt64}) AS person_id,
    {since:DateTime64(3)} + toIntervalHour(12 * intDiv(number, {people:UInt64}))
        + toIntervalSecond(cityHash64(number, 'came') % 1800) AS began_at,
    began_at + INTERVAL 3 HOUR AS ended_at, 'site:office' AS place,
    reinterpretAsUUID(sipHash128(number, 'office')) AS presence_id, began_at AS known_from,
    -1 AS version, 0 AS is_deleted
FROM numbers({people:UInt64} * 10)
