"""Times what a tracer asks over HTTP, from outside: one case or person after the other."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from infra.settings import Settings
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.play import percentile
from tests.bench.figures import Figure
from tests.bench.world import SINCE, UNTIL, World

RULES = "QD-3638"
Ask = Callable[[DoorsClient, str], int]
"""It queries one case or person, and returns how many people, presences or facts came back."""


@dataclass(frozen=True, slots=True)
class Answers:
    taken_ms: list[float]
    sizes: list[int]

    def percentile_ms(self, share: float) -> float:
        return percentile(self.taken_ms, share)

    def size(self, share: float) -> int:
        return sorted(self.sizes)[int(share * (len(self.sizes) - 1))]

    def figure(self, name: str, most_ms: float | None) -> Figure:
        circumstances = {
            "asked": len(self.sizes),
            "p50_ms": round(self.percentile_ms(0.5), 1),
            "answer_p50": self.size(0.5),
            "answer_most": max(self.sizes),
        }
        return Figure(f"{name}, p95", self.percentile_ms(0.95), "ms", most_ms, False, circumstances)


def answers(settings: Settings, ask: Ask, about: Sequence[str]) -> Answers:
    """Queries everything once before it counts, so that caches are warm."""
    taken_ms, sizes, warm_up = list[float](), list[int](), len(about)
    with DoorsClient(settings, "tracer") as doors:
        for subject in (*about, *about):
            begun = time.perf_counter()
            sizes.append(ask(doors, subject))
            taken_ms.append((time.perf_counter() - begun) * 1000)
    return Answers(taken_ms[warm_up:], sizes[warm_up:])


def forward(depth: int, **more: str) -> Ask:
    return lambda doors, person: len(forward_trace(doors, person, depth, **more)["people"])


def forward_trace(doors: DoorsClient, person: str, depth: int, **more: str) -> Any:
    return doors.post("/traces/forward", forward_question(person, depth, **more))


def forward_question(person: str, depth: int, **more: str) -> dict[str, Any]:
    period = {"since": SINCE.isoformat(), "isolated_at": UNTIL.isoformat(), "rules_id": RULES}
    return {"person_id": person, "depth": depth, **period, **more}


def backward(doors: DoorsClient, case_id: str) -> int:
    answer = doors.post(
        "/traces/backward", {"case_id": case_id, "days_before": 14, "rules_id": RULES}
    )
    return len(answer["sources"]) + int(answer["more_sources"])


def place(world: World) -> Ask:
    return partial(_place, world)


def path_to(others: Mapping[str, str]) -> Ask:
    def ask(doors: DoorsClient, person: str) -> int:
        request = {
            "person_id": person,
            "other_id": others[person],
            "rules_id": RULES,
            **_within(SINCE, UNTIL - SINCE),
        }
        return len(doors.get("/traces/path", **request)["forward"])

    return ask


def timeline(doors: DoorsClient, person: str) -> int:
    return len(doors.get(f"/people/{person}/timeline", **_within(SINCE, UNTIL - SINCE))["items"])


def _place(world: World, doors: DoorsClient, seed: str) -> int:
    draw = random.Random(seed)
    site = f"site:{draw.randrange(world.sites)}"
    checkpoint = f"post:{draw.randrange(world.posts)}"
    hub = f"site:hub-{draw.randrange(world.hubs)}"
    place = draw.choice((site, checkpoint, hub))
    hour = SINCE + timedelta(hours=draw.randrange(24 * 7))
    response = doors.get("/traces/place", place=place, **_within(hour, timedelta(hours=1)))
    return len(response["presences"])


def _within(since: datetime, period: timedelta) -> dict[str, str]:
    return {"from": since.isoformat(), "to": (since + period).isoformat()}
