"""Holds the live read models against a replay from the log, while records go on arriving.

Two tables that both follow the log are hardly ever equal at one moment: one is some records ahead. So a difference counts only if it is
there again, the same one, after both have passed where the log ended when it was first seen; what was only on its way is then in both.
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
from infra.tools.rebuild.shadow import Beside, beside

ROUNDS = 8
Differing = Mapping[str, Contents]


class Compares(Protocol):
    def whole(self, model: ReadModel) -> Contents: ...

    def differing(self, model: ReadModel) -> dict[str, Contents]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """Of one table. `people` by pseudonym; one without a name where rows are nobody's."""

    model: ReadModel
    contents: Contents
    people: Differing


@dataclass(frozen=True, slots=True)
class Verified:
    found: list[Found]
    left_out: dict[str, list[str]]
    """Tables that the log cannot make whole any more, and the topics that begin too late."""
    records: int

    @property
    def equal(self) -> bool:
        return not any(one.people for one in self.found)


def verify(settings: Settings, models: Sequence[ReadModel], report: Report) -> Verified:
    left_out = incomplete(settings, models)
    models = [model for model in models if model.table not in left_out]
    if not models:
        return Verified([], left_out, 0)
    with beside(settings, models) as made:
        target = ends(settings, topics_of(models))
        wait_until_at(made.settings, target, report, made.check)
        comparison = Comparison(settings, made.settings.clickhouse_database)
        found = compare(comparison, models, lambda: both_pass(settings, made, models))
        return Verified(found, left_out, sum(target.values()))


def compare(
    comparison: Compares, models: Sequence[ReadModel], pass_on: Callable[[], None]
) -> list[Found]:
    contents = {model.table: comparison.whole(model) for model in models}
    suspects: dict[str, Differing] = {
        model.table: comparison.differing(model)
        for model in models
        if not contents[model.table].equal
    }
    for _ in range(ROUNDS):
        if not any(suspects.values()):
            break
        pass_on()
        before = suspects
        suspects = {
            model.table: again(comparison, model, before[model.table])
            for model in models
            if before.get(model.table)
        }
        if all(same(before[table], people) for table, people in suspects.items()):
            break
    return [Found(model, contents[model.table], suspects.get(model.table, {})) for model in models]


def again(comparison: Compares, model: ReadModel, before: Differing) -> Differing:
    return {
        person: contents
        for person, contents in comparison.differing(model).items()
        if person in before
    }


def same(before: Differing, people: Differing) -> bool:
    """Whether what still differs differs as it did."""
    return all(contents.delta == before[person].delta for person, contents in people.items())


def both_pass(live: Settings, made: Beside, models: Sequence[ReadModel]) -> None:
    """Waits until both have written everything that the log holds now."""
    target = ends(live, topics_of(models))
    for settings in (live, made.settings):
        wait_until_at(settings, target, lambda *_: None, made.check)
