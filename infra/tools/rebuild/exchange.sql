EXCHANGE TABLES {live:Identifier}.{table:Identifier} AND {shadow:Identifier}.{table:Identifier}
