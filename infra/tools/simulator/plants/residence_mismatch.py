"""A permanent residence declared in another district than the register's; another commune of the same one must stay silent."""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration
from schemas.domain.places import parents


def residence_elsewhere(builder: Builder) -> None:
    for elsewhere in (True, False):
        person, departure = builder.somebody(), builder.daytime()
        district = parents(person.home_code)[0]
        said = builder.rng.choice(
            [home for home in builder.homes if (parents(home)[0] != district) is elsewhere]
        )
        tag = builder.declare(person, departure - 20 * MINUTE, departure, permanent_code=said)
        builder.plant(
            "residence_mismatch", entry_id_of_declaration(tag)
        ) if elsewhere else builder.near_miss(tag)
