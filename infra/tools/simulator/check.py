"""Holds what the system found against the world's truth."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.day import instant, iso
from infra.tools.simulator.world import Stay, World
from schemas.domain.pseudonyms import Pseudonyms

PAGE = 10_000
BUS_LEAST = 2
"""A vehicle with more stays than a driver's own, and the one at a post, carried several people."""


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


def check_flags(settings: Settings, world: World) -> list[RuleResult]:
    """One result per rule that was planted or found: all of the planted ones, and no others, is right."""
    found = set(open_flags(settings))
    rules = sorted({rule for rule, _ in found | world.truth.planted})
    return [
        _result(rule, _subjects(rule, world.truth.planted), _subjects(rule, found))
        for rule in rules
    ]


def open_flags(settings: Settings) -> Iterable[tuple[str, str]]:
    with DoorsClient(settings, "analyst") as doors:
        after: str | None = ""
        while after is not None:
            page = doors.get("/flags", state="open", limit=PAGE, after=after)
            yield from ((flag["rule"], flag["subject"]) for flag in page["flags"])
            after = page["next"]


def _subjects(rule: str, pairs: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(subject for one, subject in pairs if one == rule)


def _result(rule: str, planted: frozenset[str], found: frozenset[str]) -> RuleResult:
    return RuleResult(rule, len(planted), len(found), planted - found, found - planted)


@dataclass(frozen=True, slots=True)
class TraceResult:
    person_id: str
    truth: frozenset[tuple[str, str]]
    """(own scan, the other's scan) of every true meeting."""
    found: frozenset[tuple[str, str]]
    answer: dict[str, object]
    """The meetings by contact, as they are printed."""


def check_trace(settings: Settings, world: World, minutes: float) -> TraceResult:
    """Traces the person with most scans, and compares with a search through the world's own list.

    The shipped rules count scans at a checkpoint up to 15 minutes apart; fewer minutes may be asked.
    """
    busiest = Counter(world.person_of_scan.values()).most_common(1)[0][0]
    person_id = Pseudonyms(settings.person_key.get_secret_value()).person(busiest)
    scanned_at = {
        happening.body["scan_id"]: happening.body["scanned_at"]
        for happening in world.happenings
        if happening.kind == "scan"
    }
    request = {
        "person_id": person_id,
        "since": iso(instant(0, 0)),
        "isolated_at": max(scanned_at.values(), key=datetime.fromisoformat),
        "depth": 1,
        "rules_id": "QD-3638",
        "most_per_stay": 2_000,
        "most_contacts": 1_000,
    }
    with DoorsClient(settings, "tracer") as doors:
        trace = doors.post("/traces/forward", request)
    contacts = list[dict[str, object]]()
    found = set[tuple[str, str]]()
    for person in trace["people"]:
        meetings = _meetings(person["contacts"], scanned_at, minutes)
        found.update(
            (meeting["person_scan_id"], meeting["contact_scan_id"]) for meeting in meetings
        )
        if meetings:
            contacts.append({"person_id": person["person_id"], "meetings": meetings})
    answer: dict[str, object] = {
        "person_id": person_id,
        "visits": sum(stay["known_by"] == "scan" for stay in trace["milestones"]),
        "contacts": contacts,
        "truncated": False,
    }
    truth = true_meetings(world, busiest, timedelta(minutes=minutes))
    return TraceResult(person_id, truth, frozenset(found), answer)


def _meetings(
    contacts: Iterable[dict[str, Any]], scanned_at: Mapping[str, str], minutes: float
) -> list[dict[str, Any]]:
    """Returns the contacts of two scans at a checkpoint, each with the times of its scans."""
    meetings = list[dict[str, Any]]()
    for contact in contacts:
        kind, _, checkpoint_id = contact["place"].partition(":")
        if kind != "post" or contact["known_by"] != ["scan", "scan"]:
            continue
        if contact["apart_s"] > 60 * minutes:
            continue
        own, other = contact["source_presence_id"], contact["contact_presence_id"]
        meeting = {
            "checkpoint_id": checkpoint_id,
            "person_scan_id": own,
            "person_scanned_at": scanned_at.get(own, contact["met_from"]),
            "contact_scan_id": other,
            "contact_scanned_at": scanned_at.get(other, contact["met_from"]),
            "gap_s": contact["apart_s"],
        }
        meetings.append(meeting)
    return meetings


@dataclass(frozen=True, slots=True)
class GenerationsResult:
    """Generation by person, as it was and as it was traced."""

    person_id: str
    truth: dict[str, int]
    found: dict[str, int]
    homes: dict[str, str]
    """Commune of residence by person, as it is in the register."""
    homes_told: dict[str, str]

    @property
    def right(self) -> bool:
        return self.truth == self.found and self.homes == self.homes_told

    def counts(self, generation: int) -> tuple[int, int, int]:
        """True, found, and both."""
        truth, found = (
            {person for person, number in side.items() if number == generation}
            for side in (self.truth, self.found)
        )
        return len(truth), len(found), len(truth & found)


def check_generations(settings: Settings, world: World, depth: int) -> GenerationsResult:
    """Follows a passenger of the first bus from the first day on, and compares with a search through the world's own list."""
    case = bus_passenger(world)
    pseudonyms = Pseudonyms(settings.person_key.get_secret_value())
    since, until = instant(0, 0), max(stay.ended for stay in world.stays)
    question = {
        "person_id": pseudonyms.person(case),
        "since": iso(since),
        "isolated_at": iso(until),
        "depth": depth,
    }
    with DoorsClient(settings, "tracer") as doors:
        answer = doors.post(
            "/traces/forward",
            question | {"rules_id": "QD-3638", "most_per_stay": 2_000, "most_followed": 20_000},
        )
    homes = {citizen.number: citizen.home_code for citizen in world.citizens}
    truth = true_generations(world, case, since, until, depth)
    return GenerationsResult(
        pseudonyms.person(case),
        {pseudonyms.person(number): generation for number, generation in truth.items()},
        {one["person_id"]: one["generation"] for one in answer["people"]},
        {pseudonyms.person(number): home for number, home in homes.items() if number in truth},
        {
            one["person_id"]: one["residence_code"]
            for one in answer["people"]
            if one["residence_code"]
        },
    )


def bus_passenger(world: World) -> str:
    aboard = Counter(stay.place for stay in world.stays if stay.place.startswith("vehicle"))
    return next(stay.person for stay in world.stays if aboard[stay.place] > BUS_LEAST)


def true_generations(
    world: World, case: str, since: datetime, until: datetime, depth: int
) -> dict[str, int]:
    """By comparing the stays of everybody infected with every stay at the same place: slow, plain, and without the product's code. At a
    post people meet within 15 minutes, in a vehicle while both are in it, at home always; whoever was met may pass it on from then."""
    house = {citizen.number: citizen.household_number for citizen in world.citizens}
    lives_in: defaultdict[str, list[str]] = defaultdict(list)
    for citizen in world.citizens:
        lives_in[citizen.household_number].append(citizen.number)
    at_place: defaultdict[str, list[Stay]] = defaultdict(list)
    of_person: defaultdict[str, list[Stay]] = defaultdict(list)
    for stay in world.stays:
        at_place[stay.place].append(stay)
        of_person[stay.person].append(stay)
    infected, generations, latest = {case: since}, dict[str, int](), [case]
    for generation in range(1, depth + 1):
        found = dict[str, datetime]()
        for person in latest:
            for housemate in lives_in[house.get(person, "")]:
                if housemate not in (person, case):
                    found[housemate] = min(infected[person], found.get(housemate, infected[person]))
            for mine in of_person[person]:
                for other in at_place[mine.place]:
                    at = _met(mine, other, infected[person], until)
                    if at is not None and other.person not in (person, case):
                        found[other.person] = min(at, found.get(other.person, at))
        latest = [
            person
            for person, at in found.items()
            if person not in infected or at < infected[person]
        ]
        for person in latest:
            infected[person] = found[person]
            generations.setdefault(person, generation)
    return generations


def _met(mine: Stay, other: Stay, since: datetime, until: datetime) -> datetime | None:
    came, left = max(mine.began, other.began), min(mine.ended, other.ended)
    if mine.place.startswith("post"):
        together = came - left <= timedelta(minutes=15) and came >= since and came <= until
    else:
        together = min(left, until) >= max(came, since)
    return max(came, since) if together else None


def true_meetings(world: World, number: str, within: timedelta) -> frozenset[tuple[str, str]]:
    """By comparing every scan with every scan of the person: slow, plain, and without the product's code."""
    scans = [one.body for one in world.happenings if one.kind == "scan"]
    own = [scan for scan in scans if world.person_of_scan[scan["scan_id"]] == number]
    return frozenset(
        (mine["scan_id"], other["scan_id"])
        for mine in own
        for other in scans
        if other["checkpoint_id"] == mine["checkpoint_id"]
        and world.person_of_scan[other["scan_id"]] != number
        and abs(_at(other) - _at(mine)) <= within
    )


def _at(scan: dict[str, str]) -> datetime:
    return datetime.fromisoformat(scan["scanned_at"])
