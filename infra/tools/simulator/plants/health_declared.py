"""Symptoms or exposure on the form; none of either must stay silent."""

from typing import Any

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration


def ill(builder: Builder) -> None:
    departure = builder.daytime()
    forms: tuple[tuple[dict[str, Any], bool], ...] = (
        ({"symptoms": ["fever", "cough"]}, True),
        ({"exposed": True}, True),
        ({"symptoms": [], "exposed": False}, False),
    )
    for claimed, flagged in forms:
        person = builder.next_person()
        tag = builder.declare(person, departure - 20 * MINUTE, departure, **claimed)
        builder.expect("health_declared", entry_id_of_declaration(tag), flagged=flagged)
