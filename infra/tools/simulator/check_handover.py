"""Hands a case over to the communes, and holds the lists that they get against the truth."""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.day import instant, iso
from infra.tools.simulator.true_contacts import bus_passenger, true_generations
from infra.tools.simulator.world import World
from schemas.domain.pseudonyms import Pseudonyms

DAYS_BEFORE_ONSET, FOLLOW_DAYS, DEPTH = 3, 14, 2
Lists = dict[str, set[tuple[str, int]]]
"""(person, generation) of everybody on a list, by commune."""


@dataclass(frozen=True, slots=True)
class HandoverResult:
    case_id: str
    truth: Lists
    found: Lists
    took_s: float
    """Time from posting the case until every list was there to be read."""

    @property
    def right(self) -> bool:
        return self.truth == self.found

    @property
    def people(self) -> int:
        return sum(map(len, self.found.values()))


def check_handover(settings: Settings, world: World) -> HandoverResult:
    """Hands over the passenger of `check_generations`, now as a case with an onset.

    The onset makes the first day of the world the first of the infectious period.
    """
    case, since = bus_passenger(world), instant(0, 0)
    report = {
        "document_number": case,
        "onset_at": iso(since + timedelta(days=DAYS_BEFORE_ONSET)),
        "isolated_at": iso(world.end),
    }
    with DoorsClient(settings, "admin") as doors:
        begun = time.monotonic()
        case_id = doors.post("/cases", report)["case_id"]
        request = {
            "case_id": case_id,
            "depth": DEPTH,
            "follow_days": FOLLOW_DAYS,
            "rules_id": "QD-3638",
            "most_per_stay": 2_000,
        }
        issued = doors.post("/handovers", request)["handovers"]
        took_s = time.monotonic() - begun
        lists = [doors.get(f"/handovers/{issue['handover_id']}") for issue in issued]
    generations = true_generations(world, case, since, world.end, DEPTH)
    return HandoverResult(
        case_id=case_id,
        truth=_true_lists(settings, world, generations),
        found={commune_list["unit_code"]: _people_of(commune_list) for commune_list in lists},
        took_s=took_s,
    )


def _people_of(commune_list: dict[str, Any]) -> set[tuple[str, int]]:
    return {(line["person_id"], line["generation"]) for line in commune_list["lines"]}


def _true_lists(settings: Settings, world: World, generations: dict[str, int]) -> Lists:
    """Puts people of the register where they live; where others live nobody knows."""
    pseudonyms = Pseudonyms(settings.person_key.get_secret_value())
    homes = {citizen.number: citizen.home_code for citizen in world.citizens}
    lists: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for number, generation in generations.items():
        lists[homes.get(number, "")].add((pseudonyms.person(number), generation))
    return dict(lists)
