SELECT * FROM {table:Identifier} FINAL
