"""Holds what the system found against the world's truth."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.day import instant, iso
from infra.tools.simulator.true_contacts import bus_passenger, true_generations, true_meetings
from infra.tools.simulator.world import World
from schemas.domain.exposure import QD_3638
from schemas.domain.pseudonyms import Pseudonyms

PAGE = 10_000
RULES = QD_3638
MINUTES_APART = RULES.apart_minutes["post"]
"""Largest time between two scans at one checkpoint that still count as a meeting."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    rule: str
    planted: int
    found: int
    missing: frozenset[str]
    unexpected: frozenset[str]

    @property
    def right(self) -> bool:
        return not self.missing and not self.unexpected


@dataclass(frozen=True, slots=True)
class TraceResult:
    person_id: str
    truth: frozenset[tuple[str, str]]
    """(own scan, the other's scan) of every true meeting."""
    found: frozenset[tuple[str, str]]
    response: dict[str, Any]

    @property
    def right(self) -> bool:
        return self.truth == self.found


@dataclass(frozen=True, slots=True)
class GenerationsResult:
    """Generation by person, as it was and as it was traced."""

    person_id: str
    truth: dict[str, int]
    found: dict[str, int]
    true_homes: dict[str, str]
    """Commune of residence by person, as it is in the register."""
    found_homes: dict[str, str]

    @property
    def right(self) -> bool:
        return self.truth == self.found and self.true_homes == self.found_homes

    def counts(self, generation: int) -> tuple[int, int, int]:
        """Returns how many people are of the generation: in truth, as found, and in both."""
        truth, found = (
            _of_generation(self.truth, generation),
            _of_generation(self.found, generation),
        )
        return len(truth), len(found), len(truth & found)


def check_flags(settings: Settings, world: World) -> list[RuleResult]:
    """Returns a result per rule that was planted or found; right is exactly what was planted."""
    found = set(_open_flags(settings))
    rules = sorted({rule for rule, _ in found | world.truth.planted})
    return [_rule_result(rule, world.truth.planted, found) for rule in rules]


def check_trace(settings: Settings, world: World) -> TraceResult:
    """Traces whom the person with most scans met, and compares with the world's own list."""
    busiest = Counter(world.person_of_scan.values()).most_common(1)[0][0]
    person_id = _pseudonyms(settings).person(busiest)
    request = _request(person_id, world, depth=1)
    with DoorsClient(settings, "tracer") as doors:
        response = doors.post("/traces/forward", request | {"most_contacts": 1_000})
    found = set()
    for person in response["people"]:
        for contact in person["contacts"]:
            if contact["place"].startswith("post:"):
                found.add((contact["source_presence_id"], contact["contact_presence_id"]))
    truth = true_meetings(world, busiest, timedelta(minutes=MINUTES_APART))
    return TraceResult(person_id, truth, frozenset(found), response)


def check_generations(settings: Settings, world: World, depth: int) -> GenerationsResult:
    """Follows a passenger of the first bus from the first day on, and compares with the truth."""
    case = bus_passenger(world)
    pseudonyms = _pseudonyms(settings)
    request = _request(pseudonyms.person(case), world, depth=depth)
    with DoorsClient(settings, "tracer") as doors:
        response = doors.post("/traces/forward", request)
    people = response["people"]
    truth = true_generations(world, case, instant(0, 0), world.end, depth)
    homes = {citizen.number: citizen.home_code for citizen in world.citizens}
    return GenerationsResult(
        person_id=pseudonyms.person(case),
        truth={pseudonyms.person(number): generation for number, generation in truth.items()},
        found={person["person_id"]: person["generation"] for person in people},
        true_homes={
            pseudonyms.person(number): homes[number] for number in truth if number in homes
        },
        found_homes={
            person["person_id"]: person["residence_code"]
            for person in people
            if person["residence_code"]
        },
    )


def _request(person_id: str, world: World, *, depth: int) -> dict[str, Any]:
    """Returns the question about somebody infectious in the whole world, with nobody cut off."""
    return {
        "person_id": person_id,
        "since": iso(instant(0, 0)),
        "isolated_at": iso(world.end),
        "depth": depth,
        "rules_id": RULES.rules_id,
        "most_per_stay": 2_000,
        "most_followed": 20_000,
    }


def _open_flags(settings: Settings) -> Iterable[tuple[str, str]]:
    with DoorsClient(settings, "analyst") as doors:
        after: str | None = ""
        while after is not None:
            page = doors.get("/flags", state="open", limit=PAGE, after=after)
            yield from ((flag["rule"], flag["subject"]) for flag in page["flags"])
            after = page["next"]


def _rule_result(
    rule: str, planted: Iterable[tuple[str, str]], found: Iterable[tuple[str, str]]
) -> RuleResult:
    true_subjects, found_subjects = _subjects(rule, planted), _subjects(rule, found)
    return RuleResult(
        rule,
        len(true_subjects),
        len(found_subjects),
        missing=true_subjects - found_subjects,
        unexpected=found_subjects - true_subjects,
    )


def _subjects(rule: str, flags: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(subject for flagged_by, subject in flags if flagged_by == rule)


def _of_generation(generations: dict[str, int], generation: int) -> set[str]:
    return {person for person, number in generations.items() if number == generation}


def _pseudonyms(settings: Settings) -> Pseudonyms:
    return Pseudonyms(settings.person_key.get_secret_value())
