SELECT toString(person_id), toString(other_id), met_from, met_to FROM week_contacts
