"""Holds what the system found against the world's truth."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from infra.doors_client import DoorsClient
from infra.settings import Settings
from infra.simulator.world import World
from schemas.ids import Pseudonyms

PAGE = 10_000


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
    return [_result(rule, _subjects(rule, world.truth.planted), _subjects(rule, found)) for rule in rules]


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


def check_trace(settings: Settings, world: World, minutes: float) -> TraceResult:
    """Traces the person with most scans, and compares with a search through the world's own list."""
    busiest = Counter(world.person_of_scan.values()).most_common(1)[0][0]
    person_id = Pseudonyms(settings.person_key.get_secret_value()).person(busiest)
    with DoorsClient(settings, "tracer") as doors:
        answer = doors.get("/traces", person_id=person_id, minutes=minutes)
    met = (meeting for contact in answer["contacts"] for meeting in contact["meetings"])
    found = frozenset((meeting["person_scan_id"], meeting["contact_scan_id"]) for meeting in met)
    return TraceResult(person_id, true_meetings(world, busiest, timedelta(minutes=minutes)), found, answer)


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
