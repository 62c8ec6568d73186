"""From a case to lists at the communes: reported, handed over and read back, and held against who lives where."""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.check import bus_passenger, true_generations
from infra.tools.simulator.day import instant, iso
from infra.tools.simulator.world import World
from schemas.domain.pseudonyms import Pseudonyms

DAYS_BEFORE_ONSET, FOLLOW_DAYS, DEPTH = 3, 14, 2
Lists = dict[str, set[tuple[str, int]]]
"""By commune: who is on its list, and in which generation."""


@dataclass(frozen=True, slots=True)
class HandoverResult:
    case_id: str
    truth: Lists
    found: Lists
    took_s: float
    """From posting the case until every list was there to be read."""

    @property
    def right(self) -> bool:
        return self.truth == self.found

    @property
    def people(self) -> int:
        return sum(map(len, self.found.values()))


def check_handover(settings: Settings, world: World) -> HandoverResult:
    """The same passenger as `check_generations`, now as a case with an onset that makes the first day the first of the period."""
    case, since = bus_passenger(world), instant(0, 0)
    until = max(stay.ended for stay in world.stays)
    report = {
        "document_number": case,
        "onset_at": iso(since + timedelta(days=DAYS_BEFORE_ONSET)),
        "isolated_at": iso(until),
    }
    with DoorsClient(settings, "admin") as doors:
        begun = time.monotonic()
        case_id = doors.post("/cases", report)["case_id"]
        handing = {
            "case_id": case_id,
            "depth": DEPTH,
            "follow_days": FOLLOW_DAYS,
            "rules_id": "QD-3638",
            "most_per_stay": 2_000,
        }
        handed = doors.post("/handovers", handing)
        took_s = time.monotonic() - begun
        lists = [doors.get(f"/handovers/{one['handover_id']}") for one in handed["handovers"]]
    found = {
        one["unit_code"]: {(line["person_id"], line["generation"]) for line in one["lines"]}
        for one in lists
    }
    return HandoverResult(
        case_id,
        true_lists(settings, world, true_generations(world, case, since, until, DEPTH)),
        found,
        took_s,
    )


def true_lists(settings: Settings, world: World, generations: dict[str, int]) -> Lists:
    """People of the register live where it has them; of others nobody knows."""
    pseudonyms = Pseudonyms(settings.person_key.get_secret_value())
    homes = {citizen.number: citizen.home_code for citizen in world.citizens}
    lists: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for number, generation in generations.items():
        lists[homes.get(number, "")].add((pseudonyms.person(number), generation))
    return dict(lists)
