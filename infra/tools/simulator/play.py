"""Plays a world through the doors in the order in which things reach them, and watches the stages until nothing waits."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import Any, get_args

from infra.errors import InfraError
from infra.settings import Settings
from infra.stack.lag import lags
from infra.tools.doors_client import DoorsClient
from infra.tools.simulator.day import Happening, Kind, instant, iso
from infra.tools.simulator.policy import POLICY, POLICY_ID
from infra.tools.simulator.world import World
from schemas.contract.terms import SourceName

SLICE = timedelta(minutes=10)
BATCH_ROWS = 2_000
SINGLE_DECLARATIONS = 300
SINGLE_SCANS, SCANS_PER_SECOND = 500, 50
DRAIN_S, DRAIN_POLL_S = 240.0, 0.5
ORDER: tuple[Kind, ...] = get_args(Kind)
"""In which things of the same ten minutes are posted."""
Advance = Callable[[str, int], None]
"""Told of each kind posted, and how many."""


@dataclass(slots=True)
class Played:
    accepted: int = 0
    tokens: dict[str, str] = field(default_factory=dict)
    """Codes of the declarations that were posted one by one."""
    verdict_ms: list[float] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)


class Player:
    def __init__(self, settings: Settings, speed: float, advance: Advance) -> None:
        self._settings, self._speed, self._advance = settings, speed, advance
        self._admin = DoorsClient(settings, "admin")
        self.played = Played()

    def describe_posts(self, world: World) -> None:
        said = ("checkpoint_id", "name", "unit_code", "road", "latitude", "longitude")
        opened = {"valid_from": "2021-05-13T00:00:00+07:00"}
        rows = [
            {name: getattr(post.described, name) for name in said} | opened for post in world.posts
        ]
        _all_accepted(self._admin.post_rows("/reference/checkpoints/batch", rows))

    def permit_vehicles(self, world: World) -> None:
        """And the decree that extends what ends at the first midnight."""
        _all_accepted(self._admin.post_rows("/reference/permits/batch", world.permits))
        midnight, later = (iso(instant(day, 0)) for day in (0, 30))
        self._admin.post(
            "/reference/permits/extensions",
            {"ending_from": midnight, "ending_to": midnight, "extended_to": later},
        )

    def trust_signers(self, world: World) -> None:
        _all_accepted(self._admin.post_rows("/reference/signers/batch", world.trust.signers))
        for state in world.trust.lists:
            self._admin.put("/reference/trust-list", state)
        _all_accepted(
            self._admin.post_rows("/reference/revoked-certificates/batch", world.trust.revoked)
        )

    def refresh_sources(self) -> None:
        """The day is played with everything fresh."""
        for source in get_args(SourceName):
            body = {
                "refreshed_at": iso(instant(0, 0) - timedelta(hours=1)),
                "good_until": iso(instant(0, 0) + timedelta(days=60)),
            }
            self._admin.put(f"/reference/sources/{source}", body)

    def adopt_policy(self) -> None:
        self._admin.put(f"/reference/policies/{POLICY_ID}", POLICY)

    def play(self, happenings: Sequence[Happening]) -> None:
        """The last scans of all are kept back for `measure`."""
        started, begins = time.monotonic(), happenings[0].at if happenings else None
        for slice_begins, slice_ in _slices(happenings):
            if self._speed and begins is not None:
                ahead = (slice_begins - begins).total_seconds() / self._speed - (
                    time.monotonic() - started
                )
                time.sleep(max(0.0, ahead))
            self._post(slice_)

    def measure(self, scans: Sequence[Happening]) -> None:
        """Posts scans one by one at a steady pace, each waiting for its verdict."""
        due = time.perf_counter()
        with DoorsClient(self._settings, "checkpoint") as doors:
            for scan in scans:
                due += 1 / SCANS_PER_SECOND
                time.sleep(max(0.0, due - time.perf_counter()))
                begun = time.perf_counter()
                answer = doors.post("/scans?wait_ms=10000", self._scan_body(scan.body))
                self.played.verdict_ms.append((time.perf_counter() - begun) * 1000)
                decision = answer.get("decision", "late")
                self.played.decisions[decision] = self.played.decisions.get(decision, 0) + 1
                self._count("scan", 1)

    def close(self) -> None:
        self._admin.__exit__(None, None, None)

    def _post(self, slice_: Sequence[Happening]) -> None:
        for kind, run in groupby(
            sorted(slice_, key=lambda one: ORDER.index(one.kind)), key=lambda one: one.kind
        ):
            happened = list(run)
            bodies = [one.body for one in happened]
            match kind:
                case "zone":
                    for body in bodies:
                        self._admin.put(
                            f"/reference/zones/{body['unit_code']}",
                            {k: v for k, v in body.items() if k != "unit_code"},
                        )
                        self._advance("zone", 1)
                case "removal":
                    self._batch("/registry/removals/batch", "removal", bodies)
                case "test":
                    self._batch("/tests/batch", "test", bodies)
                case "declaration":
                    self._declare(happened)
                case "cancellation":
                    for body in bodies:
                        self._admin.post(
                            f"/declarations/{body['declaration_id']}/cancellation",
                            {"cancelled_at": body["cancelled_at"]},
                        )
                        self._count("cancellation", 1)
                case "order" | "case":
                    self._batch(f"/{kind}s/batch", kind, bodies)
                case "scan":
                    self._batch("/scans/batch", "scan", [self._scan_body(body) for body in bodies])

    def _declare(self, happened: Sequence[Happening]) -> None:
        ordinary = [one.body for one in happened if not one.code_wanted]
        singly = max(0, min(3, SINGLE_DECLARATIONS - len(self.played.tokens)))
        for body in [*(one.body for one in happened if one.code_wanted), *ordinary[:singly]]:
            self.played.tokens[body["declaration_id"]] = self._admin.post("/declarations", body)[
                "token"
            ]
            self._count("declaration", 1)
        self._batch("/declarations/batch", "declaration", ordinary[singly:])

    def _scan_body(self, body: dict[str, Any]) -> dict[str, Any]:
        shown = self.played.tokens.get(body.get("token_of", ""), body["shown"])
        return {name: value for name, value in body.items() if name != "token_of"} | {
            "shown": shown
        }

    def _batch(self, door: str, kind: str, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), BATCH_ROWS):
            part = rows[start : start + BATCH_ROWS]
            _all_accepted(self._admin.post_rows(door, part))
            self._count(kind, len(part))

    def _count(self, kind: str, posted: int) -> None:
        self.played.accepted += posted
        self._advance(kind, posted)


def drain(settings: Settings, report: Callable[[dict[str, int]], None]) -> None:
    """Returns when no stage has had anything waiting several times in a row: what one stage writes waits for the next."""
    deadline, quiet = time.monotonic() + DRAIN_S, 0
    while quiet < 3:
        waiting = lags(settings)
        report(waiting)
        quiet = quiet + 1 if waiting and not any(waiting.values()) else 0
        if time.monotonic() > deadline:
            raise InfraError(
                f"the stages did not come to the end of their topics in {DRAIN_S:.0f} s: {waiting}"
            )
        time.sleep(DRAIN_POLL_S)


def _slices(happenings: Sequence[Happening]) -> Iterator[tuple[Any, list[Happening]]]:
    """Happenings of the same ten minutes; a zone decision begins a slice of its own."""
    part: list[Happening] = []
    for one in happenings:
        if part and (one.at - part[0].at > SLICE or "zone" in (one.kind, part[-1].kind)):
            yield part[0].at, part
            part = []
        part.append(one)
    if part:
        yield part[0].at, part


def _all_accepted(answer: dict[str, Any]) -> None:
    if answer["refused"] or answer["stopped"]:
        raise InfraError(
            f"the doors refused what the simulator posted: {answer['stopped'] or answer['rows'][:3]}"
        )


def kept_back(happenings: Sequence[Happening]) -> tuple[list[Happening], list[Happening]]:
    """What is played in bulk, and the last ordinary scans, which are posted one by one."""
    scans = [one for one in happenings if one.kind == "scan"]
    last = {id(one) for one in scans[-min(SINGLE_SCANS, len(scans) // 4) :]}
    return [one for one in happenings if id(one) not in last], [
        one for one in happenings if id(one) in last
    ]


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
