"""A forward trace as a table (CSV): one person a row, with the last step of their chain. Times are Vietnam's."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime

from api.tracing.answers import Person, local, row_of

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


def as_csv(people: Sequence[Person]) -> str:
    """With a byte order mark, without which Excel garbles Vietnamese."""
    table = io.StringIO()
    rows = csv.DictWriter(table, COLUMNS, extrasaction="ignore")
    rows.writeheader()
    for person in people:
        rows.writerow(
            {
                name: local(value).isoformat() if isinstance(value, datetime) else value
                for name, value in row_of(person).items()
            }
        )
    return "\ufeff" + table.getvalue()
