-- People with reports of the days before, though no list that holds has them. A link may have told
-- that they are somebody who is on one.
SELECT DISTINCT toString(f.person_id) AS person_id
FROM follow_ups AS f
WHERE f.day <= {day:Date} AND f.day > {day:Date} - {days:UInt16}
    AND f.person_id NOT IN (SELECT person_id FROM followed_people)
