EXCHANGE TABLES {live:Identifier}.{table:Identifier} AND {beside:Identifier}.{table:Identifier}
