-- What an analyst would write first: the table against itself.
SELECT DISTINCT b.person_id
FROM presences AS a FINAL
INNER JOIN presences AS b FINAL ON a.place = b.place
WHERE a.person_id = {person:String} AND b.person_id != a.person_id
    AND a.began_at <= {until:DateTime64(3)} AND a.ended_at >= {since:DateTime64(3)}
    AND b.began_at <= a.ended_at AND b.ended_at >= a.began_at
