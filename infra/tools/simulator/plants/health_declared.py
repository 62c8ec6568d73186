"""Symptoms or exposure on the form; none of either must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration


def ill(builder: Builder) -> None:
    departure = builder.daytime()
    for said, planted in (
        ({"symptoms": ["fever", "cough"]}, True),
        ({"exposed": True}, True),
        ({"symptoms": [], "exposed": False}, False),
    ):
        tag = builder.declare(builder.somebody(), departure - 20 * MINUTE, departure, **said)
        builder.plant(
            "health_declared", entry_id_of_declaration(tag)
        ) if planted else builder.near_miss(tag)
