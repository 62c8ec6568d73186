SELECT toString(case_id) FROM cases GROUP BY case_id ORDER BY cityHash64(case_id)
    LIMIT {count:UInt32}
