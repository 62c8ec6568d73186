-- Somebody who was wherever another person was, so that a document we know has presences.
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT {person:String} AS person_id, p.began_at AS began_at, p.ended_at AS ended_at,
    p.place AS place,
    reinterpretAsUUID(sipHash128(p.presence_id, 'like')) AS presence_id,
    p.known_from AS known_from, -1 AS version, 0 AS is_deleted
FROM presences AS p FINAL
WHERE p.person_id = {like:String}
