"""After every schedule this must hold; each check gives a sentence when it does not."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import httpx2

from infra.clickhouse.client import connect
from infra.errors import Unavailable
from infra.settings import Settings
from infra.stack.lag import lags
from infra.tools.doors_client import token_of
from tests.chaos.load import Client
from tests.chaos.second_oracle import SecondOracle, judged
from tests.chaos.world import ChaosWorld
from tests.live_world import expected, open_flags, rows_present, verdict_count
from tests.streams.memory_path import MemoryPath

POLL_S, TIMES_IN_A_ROW = 0.5, 3
MAX_TURNS = 4
"""Where something changes all the time, the patience may last so many times."""
AWAY = (Unavailable, httpx2.HTTPError)


class Red(AssertionError):
    """A guarantee did not hold; the message says which."""


@dataclass
class Checks:
    settings: Settings
    world: ChaosWorld
    client: Client
    letters_before: set[tuple[str, int, int, str]]
    letters_wanted: Counter[tuple[str, str, bytes]] = field(default_factory=Counter)
    """Stage, topic and value of every record that must have been set aside."""

    @cached_property
    def oracle(self) -> MemoryPath:
        return expected(self.world, self.settings.person_key.get_secret_value())

    @cached_property
    def second(self) -> SecondOracle:
        return SecondOracle(self.world, self.settings.person_key.get_secret_value())

    def hold(self, patience_s: float) -> float:
        """Returns the seconds until everything held at once; raises `Red` with what does not.

        It waits as long as anything changes: a slow machine needs time, and is no fault. Nothing
        may change for `patience_s`, and all of it may last `MAX_TURNS` times as long.
        """
        began = changed_at = time.monotonic()
        agree(self.oracle, self.second)
        held = 0
        complaints: list[str] = []
        while held < TIMES_IN_A_ROW:
            before = complaints
            complaints = list(filter(None, (check() for check in self._checks)))
            held = 0 if complaints else held + 1
            now = time.monotonic()
            if complaints != before:
                changed_at = now
            if complaints and now > min(changed_at + patience_s, began + MAX_TURNS * patience_s):
                raise Red("; ".join(complaints))
            time.sleep(POLL_S)
        return time.monotonic() - began

    @property
    def _checks(self) -> tuple[Callable[[], str], ...]:
        checks = (
            self._lag,
            self._events,
            self._flags,
            self._verdicts,
            self._findable,
            self._letters,
        )
        return tuple(patient(check) for check in checks)

    def _lag(self) -> str:
        waiting = lags(self.settings)
        if waiting and not any(waiting.values()):
            return ""
        return f"records wait: {waiting or 'the broker does not answer'}"

    def _events(self) -> str:
        present = rows_present(self.settings, self.world)
        accepted = {event.event_id for event in self.world.events}
        doubled = sum(count > 1 for count in present.values())
        missing = len(accepted - set(present))
        if not missing and not doubled:
            return ""
        return f"of {len(accepted)} accepted events {missing} are missing and {doubled} doubled"

    def _flags(self) -> str:
        flags = open_flags(self.settings, self.oracle, self.world)
        expected_flags = self.oracle.open_flags()
        if flags != expected_flags:
            extra = len(flags.keys() - expected_flags.keys())
            lacking = len(expected_flags.keys() - flags.keys())
            different = differing(flags, expected_flags)
            return f"{extra} flags too many, {lacking} lacking, {different} otherwise"
        if judged(flags.values()) != self.second.open_flags():
            return "flags differ from the second oracle's"
        return ""

    def _verdicts(self) -> str:
        verdicts = verdict_count(self.settings, self.world)
        scans = len(self.oracle.verdicts())
        return "" if verdicts == scans else f"{verdicts} verdicts for {scans} scans"

    def _findable(self) -> str:
        """Finds the verdict of every scan that a client posted by itself where the answer said.

        That holds for scans that were answered at once and for those that were not.
        """
        headers = {"Authorization": f"Bearer {token_of(self.settings, 'admin')}"}
        lost = 0
        with httpx2.Client(base_url=self.settings.api, headers=headers, timeout=10) as http:
            for scan in self.client.scans:
                lost += not http.get(f"/scans/{scan}/verdict").is_success
        if not lost:
            return ""
        return f"{lost} of {len(self.client.scans)} verdicts are not where the door said"

    def _letters(self) -> str:
        bare = 0
        new = Counter[tuple[str, str, bytes]]()
        for name, (reason, value) in letters(self.settings).items():
            bare += not reason
            if name not in self.letters_before:
                topic, _, _, stage = name
                new[stage, topic, value] += 1
        if new == self.letters_wanted and not bare:
            return ""
        lacking, extra = self.letters_wanted - new, new - self.letters_wanted
        return (
            f"dead letters: {named(lacking)} lacking, {named(extra)} too many, "
            f"{bare} without a reason"
        )


def patient(check: Callable[[], str]) -> Callable[[], str]:
    """Returns a check that complains while a part comes back.

    A question without an answer is no proof of anything.
    """

    def complaint() -> str:
        try:
            return check()
        except AWAY as away:
            return f"{check.__name__.strip('_')} could not be asked: {type(away).__name__}"

    return complaint


def differing(flags: dict[str, tuple[object, ...]], expected: dict[str, tuple[object, ...]]) -> int:
    return sum(flags[flag] != expected[flag] for flag in flags.keys() & expected.keys())


def named(letters_of: Counter[tuple[str, str, bytes]]) -> str:
    if not letters_of:
        return "none"
    places = sorted({f"{stage} {topic}" for stage, topic, _ in letters_of})
    return f"{letters_of.total()} ({', '.join(places)})"


def agree(oracle: MemoryPath, second: SecondOracle) -> None:
    """Compares the oracles with each other first.

    Where they differ, one of them is wrong and nothing else can be said.
    """
    first, other = judged(oracle.open_flags().values()), second.open_flags()
    if first != other:
        raise Red(
            f"the oracles differ: only the first {sorted(first - other)[:2]}, "
            f"only the second {sorted(other - first)[:2]}"
        )


def letters(settings: Settings) -> dict[tuple[str, int, int, str], tuple[str, bytes]]:
    """Returns reason and value of every dead letter by its topic, partition, offset and stage."""
    query = """
        SELECT source_topic, source_partition, source_offset, stage, reason, record_value
        FROM dead_letters FINAL
    """
    with connect(settings, "writer", timeout_s=30) as client:
        rows = client.query(query, query_formats={"String": "bytes"}).result_rows
    return {
        (_text(topic), partition, offset, _text(stage)): (_text(reason), value)
        for topic, partition, offset, stage, reason, value in rows
    }


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
