"""Plays a world through the doors, in the order in which things reach them."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
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
SINGLE_DECLARATIONS_PER_SLICE = 3
SINGLE_SCANS, SCANS_PER_SECOND = 500, 50
DRAIN_S, DRAIN_POLL_S = 240.0, 0.5
QUIET_LOOKS = 3
ORDER: tuple[Kind, ...] = get_args(Kind)
"""The order in which things of the same ten minutes are posted."""
BATCH_ROUTES: dict[Kind, str] = {
    "removal": "/registry/removals/batch",
    "order": "/orders/batch",
    "case": "/cases/batch",
    "test": "/tests/batch",
}
CHECKPOINT_FIELDS = ("checkpoint_id", "name", "unit_code", "road", "latitude", "longitude")
OPENED = {"valid_from": "2021-05-13T00:00:00+07:00"}
Advance = Callable[[str, int], None]
"""Callback that gets each kind posted, and its number of events."""


@dataclass(slots=True)
class Played:
    accepted: int = 0
    tokens: dict[str, str] = field(default_factory=dict)
    """Codes of the declarations that were posted one by one."""
    verdict_ms: list[float] = field(default_factory=list)
    decisions: dict[str, int] = field(default_factory=dict)


class Player:
    """Posts as the administrator; `speed` is 1 for real time, 0 for as fast as it goes."""

    def __init__(self, settings: Settings, speed: float, advance: Advance) -> None:
        self._settings, self._speed, self._advance = settings, speed, advance
        self._admin = DoorsClient(settings, "admin")
        self.played = Played()

    def describe_checkpoints(self, world: World) -> None:
        rows = []
        for checkpoint in world.checkpoints:
            described = {name: getattr(checkpoint.described, name) for name in CHECKPOINT_FIELDS}
            rows.append(described | OPENED)
        _refuse_losses(self._admin.post_rows("/reference/checkpoints/batch", rows))

    def permit_vehicles(self, world: World) -> None:
        """Posts the permits, and the decree that extends what ends at the first midnight."""
        _refuse_losses(self._admin.post_rows("/reference/permits/batch", world.permits))
        midnight, later = iso(instant(0, 0)), iso(instant(30, 0))
        decree = {"ending_from": midnight, "ending_to": midnight, "extended_to": later}
        self._admin.post("/reference/permits/extensions", decree)

    def trust_signers(self, world: World) -> None:
        trust = world.trust
        _refuse_losses(self._admin.post_rows("/reference/signers/batch", trust.signers))
        for state in trust.lists:
            self._admin.put("/reference/trust-list", state)
        _refuse_losses(
            self._admin.post_rows("/reference/revoked-certificates/batch", trust.revoked)
        )

    def refresh_sources(self) -> None:
        """Says that every source is fresh, for all the days."""
        begin = instant(0, 0)
        body = {
            "refreshed_at": iso(begin - timedelta(hours=1)),
            "good_until": iso(begin + timedelta(days=60)),
        }
        for source in get_args(SourceName):
            self._admin.put(f"/reference/sources/{source}", body)

    def adopt_policy(self) -> None:
        self._admin.put(f"/reference/policies/{POLICY_ID}", POLICY)

    def play(self, happenings: Sequence[Happening]) -> None:
        """Posts the happenings slice by slice, no faster than the speed."""
        started = time.monotonic()
        for part in _slices(happenings):
            if self._speed:
                due = (part[0].at - happenings[0].at).total_seconds() / self._speed
                time.sleep(max(0.0, due - (time.monotonic() - started)))
            self._post(part)

    def measure(self, scans: Sequence[Happening]) -> None:
        """Posts scans one by one at a steady pace, and waits for the verdict of each."""
        due = time.perf_counter()
        with DoorsClient(self._settings, "checkpoint") as doors:
            for scan in scans:
                due += 1 / SCANS_PER_SECOND
                time.sleep(max(0.0, due - time.perf_counter()))
                begun = time.perf_counter()
                verdict = doors.post("/scans?wait_ms=10000", self._scan_body(scan.body))
                self.played.verdict_ms.append((time.perf_counter() - begun) * 1000)
                decision = verdict.get("decision", "late")
                self.played.decisions[decision] = self.played.decisions.get(decision, 0) + 1
                self._count("scan", 1)

    def close(self) -> None:
        self._admin.__exit__(None, None, None)

    def _post(self, part: Sequence[Happening]) -> None:
        ordered = sorted(part, key=lambda happening: ORDER.index(happening.kind))
        for kind, run in groupby(ordered, key=lambda happening: happening.kind):
            happenings = list(run)
            bodies = [happening.body for happening in happenings]
            match kind:
                case "zone":
                    self._decide_zones(bodies)
                case "declaration":
                    self._declare(happenings)
                case "cancellation":
                    self._cancel(bodies)
                case "scan":
                    rows = [self._scan_body(body) for body in bodies]
                    self._batch("/scans/batch", "scan", rows)
                case _:
                    self._batch(BATCH_ROUTES[kind], kind, bodies)

    def _decide_zones(self, bodies: Sequence[dict[str, Any]]) -> None:
        for body in bodies:
            decided = {name: value for name, value in body.items() if name != "unit_code"}
            self._admin.put(f"/reference/zones/{body['unit_code']}", decided)
            self._advance("zone", 1)

    def _cancel(self, bodies: Sequence[dict[str, Any]]) -> None:
        for body in bodies:
            path = f"/declarations/{body['declaration_id']}/cancellation"
            self._admin.post(path, {"cancelled_at": body["cancelled_at"]})
            self._count("cancellation", 1)

    def _declare(self, happenings: Sequence[Happening]) -> None:
        """Posts singly what must give a code, and a few others; the rest as a table."""
        code_wanted = [happening.body for happening in happenings if happening.code_wanted]
        ordinary = [happening.body for happening in happenings if not happening.code_wanted]
        left = SINGLE_DECLARATIONS - len(self.played.tokens)
        singly = max(0, min(SINGLE_DECLARATIONS_PER_SLICE, left))
        for body in [*code_wanted, *ordinary[:singly]]:
            response = self._admin.post("/declarations", body)
            self.played.tokens[body["declaration_id"]] = response["token"]
            self._count("declaration", 1)
        self._batch("/declarations/batch", "declaration", ordinary[singly:])

    def _scan_body(self, body: dict[str, Any]) -> dict[str, Any]:
        """Returns what the door takes: a code that is known by now goes before the number."""
        fields = {name: value for name, value in body.items() if name != "token_of"}
        fields["shown"] = self.played.tokens.get(body.get("token_of", ""), body["shown"])
        return fields

    def _batch(self, route: str, kind: str, rows: list[dict[str, Any]]) -> None:
        for start in range(0, len(rows), BATCH_ROWS):
            part = rows[start : start + BATCH_ROWS]
            _refuse_losses(self._admin.post_rows(route, part))
            self._count(kind, len(part))

    def _count(self, kind: str, posted: int) -> None:
        self.played.accepted += posted
        self._advance(kind, posted)


def drain(settings: Settings, report: Callable[[dict[str, int]], None]) -> None:
    """Returns when no stage has had anything waiting several times in a row.

    One look is not enough: what one stage writes waits for the next.
    """
    deadline, quiet = time.monotonic() + DRAIN_S, 0
    while quiet < QUIET_LOOKS:
        waiting = lags(settings)
        report(waiting)
        quiet = quiet + 1 if waiting and not any(waiting.values()) else 0
        if time.monotonic() > deadline:
            raise InfraError(
                f"the stages did not come to the end of their topics in {DRAIN_S:.0f} s: {waiting}"
            )
        time.sleep(DRAIN_POLL_S)


def split_last_scans(
    happenings: Sequence[Happening],
) -> tuple[list[Happening], list[Happening]]:
    """Returns what is played in bulk, and the last scans, which are posted one by one."""
    scans = [happening for happening in happenings if happening.kind == "scan"]
    last = {id(scan) for scan in scans[-min(SINGLE_SCANS, len(scans) // 4) :]}
    bulk = [happening for happening in happenings if id(happening) not in last]
    return bulk, [scan for scan in scans if id(scan) in last]


def percentile(values: Iterable[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def _slices(happenings: Sequence[Happening]) -> Iterator[list[Happening]]:
    """Yields happenings of the same ten minutes; a zone decision is a slice of its own."""
    part: list[Happening] = []
    for happening in happenings:
        if part and _parts(part[0].at, part[-1], happening):
            yield part
            part = []
        part.append(happening)
    if part:
        yield part


def _parts(began: datetime, last: Happening, happening: Happening) -> bool:
    """Returns whether a slice that began then ends before this happening."""
    return happening.at - began > SLICE or "zone" in (happening.kind, last.kind)


def _refuse_losses(response: dict[str, Any]) -> None:
    if response["refused"] or response["stopped"]:
        reason = response["stopped"] or response["rows"][:3]
        raise InfraError(f"the doors refused what the simulator posted: {reason}")
