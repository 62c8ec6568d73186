"""Which communes people belong to, so that each can be told of its own."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from api.backends.clickhouse import Asks
from api.http.fields import Output
from api.tracing.contacts import as_known
from schemas.domain.places import parents, unit_name


class CommuneOut(Output):
    """`unit_code` is empty for people whose residence nobody knows."""

    unit_code: str
    name: str
    district: str
    people: int


async def residences_of(
    ask: Asks, people: Sequence[str], known_at_ms: int | None
) -> Mapping[str, str]:
    """Unit code by person, of those whose residence is known: the register's word first, then the newest declaration's lodging.
    `known_at_ms`: by what was known then, instead of today."""
    if not people:
        return {}
    name, parameters = as_known("tracing/residences", {}, known_at_ms)
    rows = await ask.ask_people(name, parameters, people)
    return {row["person_id"]: row["residence_code"] for row in rows}


def communes_of(residence_codes: Iterable[str]) -> list[dict[str, Any]]:
    """Most people first. `residence_codes`: of each person, empty if nobody knows it."""
    counts = Counter(residence_codes)
    return [
        {
            "unit_code": code,
            "name": unit_name(code),
            "district": unit_name(next(iter(parents(code)), "")),
            "people": count,
        }
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
