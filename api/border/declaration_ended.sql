WITH holders AS
(
    SELECT person_id FROM declarations_by_id WHERE declaration_id = {declaration_id:UUID}
)
SELECT min(ended_at) AS ended_at
FROM
(
    SELECT cancelled_at AS ended_at
    FROM cancellations FINAL
    WHERE person_id IN holders AND declaration_id = {declaration_id:UUID}
    UNION ALL
    SELECT declared_at AS ended_at
    FROM declarations FINAL
    WHERE person_id IN holders AND replaces = {declaration_id:UUID}
)
HAVING count() > 0
