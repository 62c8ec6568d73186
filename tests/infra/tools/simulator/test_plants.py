"""Every rule is planted in the simulator, beside a near miss; what is left out is named."""

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import module_from_spec
from pathlib import Path

import pytest

from infra.tools.simulator import plants
from infra.tools.simulator.builder import Builder
from infra.tools.simulator.plants import (
    NOT_PLANTED,
    Plant,
    all_plants,
    planted_rules,
    plants_of,
)
from schemas.domain.pseudonyms import Pseudonyms
from streams.rules import RULES

NAMES = planted_rules()


@pytest.mark.parametrize("rule", NAMES)
def test_every_rule_is_planted_beside_a_near_miss(rule: str) -> None:
    assert trouble_with(rule, plants_of(rule)) == []


def test_only_what_doors_refuse_is_not_planted() -> None:
    """Its live test is in `tests/live/test_two_doors.py`."""
    assert [rule.name for rule in RULES if rule.name in NOT_PLANTED] == ["reused_id"]
    assert set(NOT_PLANTED) == {"reused_id"}


def test_every_plant_is_of_a_rule() -> None:
    files = Path(plants.__path__[0]).glob("*.py")
    planted = {path.stem for path in files if path.stem != "__init__"}
    assert planted - set(NAMES) == set()


def test_the_plants_are_those_of_the_rules_in_their_order() -> None:
    modules = [plant.__module__.rpartition(".")[2] for plant in all_plants()]
    assert list(dict.fromkeys(modules)) == NAMES


def test_a_plant_without_a_near_miss_is_named() -> None:
    def two_names(builder: Builder) -> None:
        builder.expect("two_names", "a subject")

    assert trouble_with("two_names", [two_names]) == ["two_names is planted without a near miss"]


def test_a_plant_that_plants_another_rule_is_named() -> None:
    def two_names(builder: Builder) -> None:
        builder.expect("identity_mismatch", "a subject")
        builder.near_miss()

    assert trouble_with("two_names", [two_names]) == ["nothing is planted that two_names finds"]


def test_a_rule_without_a_file_of_plants_is_named() -> None:
    with pytest.raises(LookupError, match=r"^rule two_nmaes is .*: write .*/plants/two_nmaes.py$"):
        plants_of("two_nmaes")


def test_a_file_that_plants_nothing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"{plants.__name__}.idle"
    monkeypatch.setitem(sys.modules, name, module_from_spec(ModuleSpec(name, None)))
    with pytest.raises(LookupError, match=r"^rule idle is .*/plants/idle.py plants nothing$"):
        plants_of("idle")


def trouble_with(rule: str, its_plants: Sequence[Plant]) -> list[str]:
    """Returns what the plants of a rule leave out."""
    builder = Builder(seed=7, citizens=3_000, days=1, pseudonyms=Pseudonyms("key-of-the-tests"))
    for plant in its_plants:
        plant(builder)
    truth = builder.world.truth
    trouble = []
    if not any(planted_rule == rule for planted_rule, _ in truth.planted):
        trouble.append(f"nothing is planted that {rule} finds")
    if not truth.near_misses:
        trouble.append(f"{rule} is planted without a near miss")
    return trouble
