"""A forward trace as a table (CSV): one person a row, with the last step of their chain.

Times are Vietnam's.
"""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from api.tracing.export_values import local, person_row
from api.tracing.forward_trace import TracePerson

COLUMNS = (
    "generation",
    "person_id",
    "exposed_at",
    "exposed_place",
    "last_exposed_at",
    "residence_code",
    "isolated_at",
    "own_case_ids",
    "source_id",
    "place",
    "source_part",
    "part",
    "met_from",
    "met_to",
    "apart_s",
    "uncertain_s",
    "source_known_by",
    "known_by",
    "source_granularity",
    "granularity",
    "rule",
    "contacts",
)
BYTE_ORDER_MARK = "\ufeff"
"""Excel garbles Vietnamese without it."""


def as_csv(people: Sequence[TracePerson]) -> str:
    table = io.StringIO()
    writer = csv.DictWriter(table, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    for person in people:
        row = {name: _cell(value) for name, value in person_row(person).items()}
        writer.writerow(row)
    return BYTE_ORDER_MARK + table.getvalue()


def _cell(value: object) -> object:
    return local(value).isoformat() if isinstance(value, datetime) else value
