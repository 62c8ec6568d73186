-- A declaration's facts are the same in every version of its row, so that they may be filtered
-- before versions are told apart: over the whole table FINAL would read everything.
WITH under_way AS
(
    SELECT person_id, declaration_id, argMax(is_deleted, version) AS moved_away
    FROM declarations
    WHERE (origin_code IN {codes:Array(String)} OR destination_code IN {codes:Array(String)})
        AND departure_at <= {at:DateTime64(3)}
        AND ifNull(arrival_at, departure_at + INTERVAL 1 DAY) >= {at:DateTime64(3)}
    GROUP BY person_id, declaration_id
    HAVING moved_away = 0
)
SELECT count() AS journeys, uniqExact(person_id) AS people
FROM under_way
WHERE (person_id, declaration_id) NOT IN
    (
        SELECT person_id, declaration_id
        FROM cancellations FINAL
        WHERE person_id IN (SELECT person_id FROM under_way)
            AND cancelled_at <= {at:DateTime64(3)}
    )
    AND (person_id, declaration_id) NOT IN
    (
        SELECT person_id, assumeNotNull(replaces)
        FROM declarations FINAL
        WHERE person_id IN (SELECT person_id FROM under_way)
            AND replaces IS NOT NULL
            AND declared_at <= {at:DateTime64(3)}
    )
