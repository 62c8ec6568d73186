"""A permanent residence declared in another district than the register's.

Another commune of the same district must stay silent.
"""

from infra.tools.simulator.builder import MINUTE, Builder
from infra.tools.simulator.day import entry_id_of_declaration
from schemas.domain.places import parents


def residence_elsewhere(builder: Builder) -> None:
    for elsewhere in (True, False):
        person, departure = builder.next_person(), builder.daytime()
        district = parents(person.home_code)[0]
        homes = [home for home in builder.homes if (parents(home)[0] != district) is elsewhere]
        claimed = builder.rng.choice(homes)
        tag = builder.declare(person, departure - 20 * MINUTE, departure, permanent_code=claimed)
        builder.expect("residence_mismatch", entry_id_of_declaration(tag), flagged=elsewhere)
