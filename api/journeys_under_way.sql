SELECT count() AS journeys, uniqExact(person_id) AS people
FROM declarations FINAL
WHERE (origin_code IN {codes:Array(String)} OR destination_code IN {codes:Array(String)})
    AND departure_at <= {at:DateTime64(3)} AND ifNull(arrival_at, departure_at + INTERVAL 1 DAY) >= {at:DateTime64(3)}
    AND declaration_id NOT IN (SELECT declaration_id FROM cancellations FINAL WHERE cancelled_at <= {at:DateTime64(3)})
    AND declaration_id NOT IN (SELECT assumeNotNull(replaces) FROM declarations FINAL WHERE replaces IS NOT NULL AND declared_at <= {at:DateTime64(3)})
