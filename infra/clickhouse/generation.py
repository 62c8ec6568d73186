"""Which making of the tables this is: each rebuild begins the next, and a position is taken only from writers that know it.

It is the default of `positions.generation`, and a constraint refuses every other: whoever wrote rows into tables that were swapped away
meanwhile must not move the position after them.
"""

import re

from clickhouse_connect.driver.client import Client

NAME, DEFAULT = 0, 3
"""Columns of what DESCRIBE answers."""


def generation(client: Client) -> int:
    described = {
        row[NAME]: str(row[DEFAULT]) for row in client.query("DESCRIBE TABLE positions").result_rows
    }
    number = re.search(
        r"\d+", described["generation"]
    )  # 3, or _CAST(3, 'UInt32') where a parameter set it
    return int(number[0]) if number else 0
