SELECT DISTINCT toString(h.case_id) AS case_id
FROM current_handovers AS h
WHERE people > 0 AND h.case_id IN (SELECT case_id FROM current_cases WHERE status = 'retracted')
