CREATE OR REPLACE TABLE {table:Identifier} ENGINE = Null EMPTY AS SELECT * FROM {table:Identifier}
