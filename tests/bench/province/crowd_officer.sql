-- An officer who stands at that post for eight hours.
INSERT INTO presences (person_id, began_at, ended_at, place, presence_id, known_from, version,
    is_deleted)
SELECT {person:String} AS person_id, {day:DateTime64(3)} + INTERVAL 6 HOUR AS began_at,
    began_at + INTERVAL 8 HOUR AS ended_at, 'post:crowded' AS place,
    generateUUIDv4() AS presence_id, began_at AS known_from, -1 AS version, 0 AS is_deleted
