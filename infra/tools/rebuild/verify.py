"""Holds the live read models against a replay from the log, while records go on arriving.

Two tables that both follow the log are hardly ever equal at one moment: one is some records ahead.
So a difference counts only if it is there again, and the same, after both tables have passed
where the log ended at the first look. Records that were only on their way are then in both.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from infra.kafka.offsets import ends
from infra.settings import Settings
from infra.tools.rebuild.compare import Comparison, Contents
from infra.tools.rebuild.log import incomplete
from infra.tools.rebuild.models import ReadModel, topics_of
from infra.tools.rebuild.progress import Report, wait_until_at
from infra.tools.rebuild.shadow import Shadow, shadow_database

ROUNDS = 8
Differing = Mapping[str, Contents]
"""Contents by person, where they differ."""


class Compares(Protocol):
    def whole(self, model: ReadModel) -> Contents: ...

    def differing(self, model: ReadModel) -> dict[str, Contents]: ...


@dataclass(frozen=True, slots=True)
class Compared:
    """One table. `people` goes by pseudonym, or by an empty name where rows are no person's."""

    model: ReadModel
    contents: Contents
    people: Differing


@dataclass(frozen=True, slots=True)
class Verified:
    compared: list[Compared]
    left_out: dict[str, list[str]]
    """Tables that the log cannot make whole any more, and the topics that lack records."""
    records: int

    @property
    def equal(self) -> bool:
        return not any(table.people for table in self.compared)


def verify(settings: Settings, models: Sequence[ReadModel], report: Report) -> Verified:
    """Compares the tables that the log can still make whole."""
    left_out = incomplete(settings, models)
    models = [model for model in models if model.table not in left_out]
    if not models:
        return Verified([], left_out, 0)
    with shadow_database(settings, models) as shadow:
        target = ends(settings, topics_of(models))
        wait_until_at(shadow.settings, target, report, shadow.check)
        comparison = Comparison(settings, shadow.settings.clickhouse_database)
        compared = compare(comparison, models, lambda: _both_pass(settings, shadow, models))
    return Verified(compared, left_out, sum(target.values()))


def compare(
    comparison: Compares, models: Sequence[ReadModel], pass_on: Callable[[], None]
) -> list[Compared]:
    """Looks again at what differs, after `pass_on`, until it is gone or stays the same."""
    contents = {model.table: comparison.whole(model) for model in models}
    differing = [model for model in models if not contents[model.table].equal]
    suspects: dict[str, Differing] = {
        model.table: comparison.differing(model) for model in differing
    }
    for _ in range(ROUNDS):
        if not any(suspects.values()):
            break
        pass_on()
        before = suspects
        suspects = {
            model.table: _still_differing(comparison, model, before[model.table])
            for model in differing
            if before.get(model.table)
        }
        if all(_same(before[table], people) for table, people in suspects.items()):
            break
    return [
        Compared(model, contents[model.table], suspects.get(model.table, {})) for model in models
    ]


def _still_differing(comparison: Compares, model: ReadModel, before: Differing) -> Differing:
    people = comparison.differing(model)
    return {person: contents for person, contents in people.items() if person in before}


def _same(before: Differing, people: Differing) -> bool:
    """Returns whether what still differs differs as it did."""
    return all(contents.delta == before[person].delta for person, contents in people.items())


def _both_pass(live: Settings, shadow: Shadow, models: Sequence[ReadModel]) -> None:
    """Waits until both have written everything that the log holds now."""
    target = ends(live, topics_of(models))
    for settings in (live, shadow.settings):
        wait_until_at(settings, target, _report_nothing, shadow.check)


def _report_nothing(_done: int, _total: int) -> None:
    """Reports nothing: the bar of the replay is full already."""
