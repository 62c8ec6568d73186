"""The communes in which people live, so that each commune can be told of its own people."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from api.backends.clickhouse import Queries
from api.http.fields import Output
from api.tracing.contacts import as_known
from api.tracing.forward_trace import TraceCommune
from schemas.domain.places import parents, unit_name


class CommuneOut(Output):
    """A commune with its people; `unit_code` is empty for people whose residence nobody knows."""

    unit_code: str
    name: str
    district: str
    people: int


async def residences_of(
    ask: Queries, people: Sequence[str], known_at_ms: int | None
) -> Mapping[str, str]:
    """Returns the unit code by person, for those whose residence is known.

    The register's word goes first, then the lodging of the newest declaration. `known_at_ms` asks
    for what was known then, instead of today.
    """
    if not people:
        return {}
    name, parameters = as_known("tracing/residences", {}, known_at_ms)
    rows = await ask.ask_people(name, parameters, people)
    return {row["person_id"]: row["residence_code"] for row in rows}


def communes_of(residence_codes: Iterable[str]) -> list[TraceCommune]:
    """Counts people by commune, most people first.

    `residence_codes` has one code for each person, empty if nobody knows it.
    """
    counts = Counter(residence_codes)
    by_size = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [_commune(code, people) for code, people in by_size]


def _commune(code: str, people: int) -> TraceCommune:
    district_code = next(iter(parents(code)), "")
    return TraceCommune(
        unit_code=code, name=unit_name(code), district=unit_name(district_code), people=people
    )
