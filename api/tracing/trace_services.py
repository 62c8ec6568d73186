"""Everything that a trace needs, in the process that traces; and what a door sends along."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from api.backends.batched_queries import BatchedQueries
from api.backends.clickhouse import ReadSide
from api.doors.services import Services
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference import Reference, ReferenceAsOf


class KnownRules(NamedTuple):
    """The sets of exposure rules that a door knows, each with its version.

    They are few, and all of the reference data that a trace needs.
    """

    sets: Sequence[tuple[int, ExposureRulesAdopted]]
    version: int


@dataclass(frozen=True, slots=True)
class TraceServices:
    clickhouse: ReadSide
    batched_queries: BatchedQueries
    """Queries of traces; `clickhouse` gets those of several traces as one."""
    pseudonyms: Pseudonyms
    rules: ReferenceAsOf
    """Reference data with nothing but exposure rules."""


class Looks(Protocol):
    """What it takes to look up documents: the services of a door have it, and those of a trace."""

    @property
    def clickhouse(self) -> ReadSide: ...

    @property
    def pseudonyms(self) -> Pseudonyms: ...


def known_rules(services: Services) -> KnownRules:
    latest = services.reference.latest
    return KnownRules(list(latest.reference.exposure_rules), latest.version)


def reference_of(known: KnownRules) -> ReferenceAsOf:
    reference = Reference(exposure_rules=list(known.sets))
    return ReferenceAsOf(reference, known.version)
