"""Measures what each rule costs, on a day of the province and on drivers with long histories.

Entries are folded with no rule, with all, and with each one alone.
"""

import gc
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from msgspec.structs import replace

from infra.logs import configure_logs
from infra.settings import Settings
from infra.tools.simulator.make import make_world
from infra.tools.simulator.policy import POLICY_ID
from schemas.contract.events import DoorEvent, JournalEntry
from schemas.contract.topics import JOURNAL
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.reference import DEFAULT_POLICY
from streams.replay.worlds import Replay, ReplayScope
from streams.rules import RULES, Rule, touched_by
from streams.screen import Screen
from streams.stage import Received, Stage
from streams.state import State
from tests.bench.figures import Figure
from tests.infra.tools.simulator.day_in_memory import fast_bench, played
from tests.streams.fakes import MemoryStore
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    CITY,
    COAST,
    NOON,
    SOUTH,
    checkpoint,
    citizen,
    declaration,
    dose,
    health_test,
    policy,
    scan,
    zone,
)

UNIT = "µs/entry"
ROUNDS, BATCH = 15, 1_000
CITIZENS = 3_000
DRIVERS, DAYS, SCANS_A_DAY, DECLARED_EVERY = 50, 30, 3, 3
Entries = Sequence[Received[JournalEntry]]


def rules(_settings: Settings) -> list[Figure]:
    day, drivers = _day(), _drivers()
    return [
        *_costs("a day of the province", day),
        *_costs(f"drivers over {DAYS} days", drivers),
        *_replays(day),
    ]


def _costs(mix: str, path: MemoryPath) -> list[Figure]:
    """Returns the costs, the dearest rule first.

    The variants take turns, and the best round of each counts: other work of the machine can only
    add to processor time. A rule costs what its fold takes longer than the one without rules. The
    cost that its flags cause for later entries is its own.
    """
    entries = _entries(path)
    variants: dict[str, tuple[Rule, ...]] = {"none": (), "all": RULES}
    for rule in RULES:
        variants[rule.name] = (rule,)
    taken: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(ROUNDS):
        for name, rules_of in variants.items():
            with patch("streams.screen.TOUCHED_BY", touched_by(rules_of)):
                taken[name].append(_fold(Screen(path.reference), entries))
    bare = min(taken["none"])
    cost = {name: (min(times) - bare) / len(entries) * 1e6 for name, times in taken.items()}
    circumstances = _circumstances(entries)
    figures = [
        Figure(
            f"screen without rules, {mix}",
            bare / len(entries) * 1e6,
            UNIT,
            circumstances=circumstances,
        ),
        Figure(f"all rules, {mix}", cost["all"], UNIT, circumstances=circumstances),
    ]
    alone = sorted((rule.name for rule in RULES), key=cost.__getitem__, reverse=True)
    for name in alone:
        share = {"share": round(cost[name] / cost["all"], 3)}
        figures.append(
            Figure(f"{name}, {mix}", cost[name], UNIT, circumstances=circumstances | share)
        )
    return figures


def _entries(path: MemoryPath) -> Entries:
    return [Received(entry, 0, offset) for offset, entry in enumerate(path.topics[JOURNAL.name])]  # type: ignore[arg-type] # entries only


def _circumstances(entries: Entries) -> dict[str, object]:
    people = len({entry.event.person_id for entry in entries})
    return {
        "entries": len(entries),
        "people": people,
        "rounds": ROUNDS,
        "clock": "processor time",
        "store": "memory",
    }


def _day() -> MemoryPath:
    with TemporaryDirectory(prefix="bench") as directory, fast_bench(Path(directory)) as bench:
        configure_logs(bench.settings.model_copy(update={"log_level": "error"}))
        world = make_world(seed=2021, citizens=CITIZENS, days=1, pseudonyms=bench.pseudonyms)
        return played(bench, world, Path(directory) / "files")


def _drivers() -> MemoryPath:
    """Returns a month of drivers who pass three checkpoints a day, all on the declared way.

    They declare and are tested every third day, and get two doses.
    """
    path = MemoryPath(batch=BATCH)
    levels = (
        zone(CITY, "yellow", NOON - timedelta(days=9)),
        zone(COAST, "orange", NOON - timedelta(days=9)),
    )
    path.decide(
        checkpoint(),
        SOUTH,
        *levels,
        policy(dict(DEFAULT_POLICY.decisions), test_required_levels=["orange"]),
    )
    people = [Document(DocumentKind.CCCD, f"051190{number:06d}") for number in range(DRIVERS)]
    path.record(citizen(driver.number, cmnd=None) for driver in people)
    path.feed_links()
    path.feed(_events_of(people))
    return path


def _events_of(drivers: Sequence[Document]) -> Iterator[DoorEvent]:
    for day in range(DAYS):
        for driver in drivers:
            yield from _driven(driver, day)


def _driven(driver: Document, day: int) -> Iterator[DoorEvent]:
    name, at = f"{driver.number} {day}", NOON + timedelta(days=day)
    if day % DECLARED_EVERY == 0:
        yield declaration(name, driver, at)
        yield health_test(name, "negative", at, driver)
    if day in {2, DAYS - 2}:
        yield dose(name, 1 + day // (DAYS // 2), at.date(), driver)
    checkpoints = (SOUTH.checkpoint_id, "binh-de", SOUTH.checkpoint_id)
    for turn, checkpoint_id in enumerate(checkpoints[:SCANS_A_DAY]):
        scanned_at = at + timedelta(hours=1 + 3 * turn)
        yield scan(f"{name} {turn}", driver, scanned_at, checkpoint_id=checkpoint_id)


def _replays(path: MemoryPath) -> Iterator[Figure]:
    """Yields the cost of replays of the same day, in turns with the stage itself."""
    entries = _entries(path)
    begin = min(verdict.scanned_at for verdict in path.verdicts().values())
    adopted = next(
        policy for _, policy in path.reference.current.policies if policy.policy_id == POLICY_ID
    )
    other = replace(adopted, policy_id="another", declaration_valid_hours=24)
    stages: dict[str, Callable[[], Stage[State]]] = {
        "screen": lambda: Screen(path.reference),
        "replay of the day, policies as they were": lambda: Replay(
            ReplayScope(begin, begin + timedelta(days=2), None), path.reference
        ),
        "replay of the day, another policy": lambda: Replay(
            ReplayScope(begin, begin + timedelta(days=2), other), path.reference
        ),
        "replay of one hour of it, another policy": lambda: Replay(
            ReplayScope(begin, begin + timedelta(hours=1), other), path.reference
        ),
    }
    taken: dict[str, list[float]] = {name: [] for name in stages}
    for _ in range(ROUNDS):
        for name, make_stage in stages.items():
            taken[name].append(_fold(make_stage(), entries))
    for name in list(stages)[1:]:
        times_screen = min(taken[name]) / min(taken["screen"])
        yield Figure(
            name,
            min(taken[name]) / len(entries) * 1e6,
            UNIT,
            circumstances=_circumstances(entries) | {"times_screen": round(times_screen, 2)},
        )


def _fold(stage: Stage[State], entries: Entries) -> float:
    """Returns seconds, from an empty state, in batches as a busy stage has them."""
    store = MemoryStore()
    gc.collect()
    gc.disable()
    begun = time.process_time()
    for start in range(0, len(entries), BATCH):
        work = store.begin()
        stage.fold(entries[start : start + BATCH], work)
        store.take(work)
    taken = time.process_time() - begun
    gc.enable()
    return taken
