ALTER TABLE {table:Identifier} MODIFY SETTING old_parts_lifetime = 5
