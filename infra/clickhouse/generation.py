"""Reads the generation of the tables: each rebuild begins the next one.

A position is accepted only from writers that know the generation. It is the default of
`positions.generation`, and a constraint refuses every other number. A writer whose rows went into
tables that were then swapped away must not move the position after them.
"""

import re

from clickhouse_connect.driver.client import Client

NAME, DEFAULT = 0, 3
"""Columns of the response to DESCRIBE."""


def generation(client: Client) -> int:
    described = client.query("DESCRIBE TABLE positions").result_rows
    defaults = {column[NAME]: str(column[DEFAULT]) for column in described}
    # The default reads 3, or _CAST(3, 'UInt32') where a parameter set it.
    number = re.search(r"\d+", defaults["generation"])
    return int(number[0]) if number else 0
