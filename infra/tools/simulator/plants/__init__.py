"""Planted faults, a file per rule, each beside the near miss that must stay silent.

A file is found by its rule's name. Every public function of it is a plant.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from inspect import isfunction

from infra.tools.simulator.builder import Builder
from streams.rules import RULES

Plant = Callable[[Builder], None]

NOT_PLANTED: Mapping[str, str] = {
    "reused_id": "one door refuses it: it takes two, at the same moment",
}
"""Rules that the world of one door cannot plant, and why."""


def planted_rules() -> list[str]:
    return [rule.name for rule in RULES if rule.name not in NOT_PLANTED]


def all_plants() -> list[Plant]:
    """Returns the plants of all rules, in the order of `RULES`: a seed always makes one world."""
    plants: list[Plant] = []
    for rule in planted_rules():
        plants += plants_of(rule)
    return plants


def plants_of(rule: str) -> list[Plant]:
    """Returns the plants of a rule, in the order of its file. Raises `LookupError` without any."""
    name = f"{__name__}.{rule}"
    file = f"infra/tools/simulator/plants/{rule}.py"
    if find_spec(name) is None:
        raise LookupError(f"rule {rule} is not planted in the simulator: write {file}")
    module = import_module(name)
    plants: list[Plant] = []
    for attribute, value in vars(module).items():
        is_of_this_file = isfunction(value) and value.__module__ == name
        if is_of_this_file and not attribute.startswith("_"):
            plants.append(value)
    if not plants:
        raise LookupError(f"rule {rule} is not planted in the simulator: {file} plants nothing")
    return plants
