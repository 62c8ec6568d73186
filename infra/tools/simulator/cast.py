"""The people of a world, one part each: who is left to play one, with what papers, on which way."""

import random
from collections.abc import Iterator
from datetime import date, datetime

from infra.tools.simulator.citizens import Citizen, make_citizens
from infra.tools.simulator.day import RED_CHECKPOINT, TESTED_CHECKPOINT, ZONES, instant
from infra.tools.simulator.ways import Passing, Ways
from infra.tools.simulator.world import read_checkpoints

CONTROLLED = frozenset(zone.unit_code for zone in ZONES)
"""No traveller lives in these communes: such ways raise what was not planted, or pass unflagged."""
VACCINATED_FROM = date(2021, 3, 8)
ADULT_AGE = 16
STRANGERS_PER_PLANT = 6
SERIES = "ABCDEFGHKLMNPSTUVXYZ"
"""Letters of the plates, 100,000 numbers each."""
PLATES_PER_LETTER = 100_000


class Cast:
    """Every person plays one part only, so that the truth follows from the parts.

    An ordinary traveller raises nothing, a planted one exactly what was planted.
    """

    def __init__(self, rng: random.Random, citizens: int) -> None:
        self.rng = rng
        people = make_citizens(rng, citizens)
        self.plants_of_each = max(3, citizens // 2500)
        """Number of times that each fault is planted."""
        outside = [person for person in people if person.home_code not in CONTROLLED]
        self._strangers = outside[-STRANGERS_PER_PLANT * self.plants_of_each :]
        unknown = set(self._strangers)
        self.citizens = [person for person in people if person not in unknown]
        self._babies = self._born_since_vaccination()
        travellers = [person for person in outside if person not in unknown and _is_grown(person)]
        rng.shuffle(travellers)
        self._travellers = iter(travellers)
        self.homes = sorted({person.home_code for person in travellers})
        self.checkpoints = read_checkpoints()
        self.ordinary_checkpoints = [
            checkpoint
            for checkpoint in self.checkpoints
            if checkpoint.checkpoint_id not in (RED_CHECKPOINT, TESTED_CHECKPOINT)
        ]
        self.ways = Ways(self.ordinary_checkpoints, self.homes)
        self.passed: dict[str, list[Passing]] = {}
        """Checkpoints on the way of the journey that a person declared last, by personal number."""
        self._tags = self._plates = 0

    def next_person(self) -> Citizen:
        """Returns somebody of the register, at least sixteen, who plays no part yet."""
        return next(self._travellers)

    def everybody_left(self) -> list[Citizen]:
        """Returns all who play no part yet; from now on they do."""
        return list(self._travellers)

    def next_baby(self) -> Citizen | None:
        """Returns somebody born since doses are given, who plays no part yet, if there is one."""
        return next(self._babies, None)

    def next_stranger(self) -> Citizen:
        """Returns somebody whom the register does not know, who plays no part yet."""
        return self._strangers.pop()

    def number(self, person: Citizen) -> str:
        """Returns the number of one of the person's cards, mostly of the new one."""
        return person.cmnd if person.cmnd and self.rng.random() < 0.3 else person.number

    def shown(self, person: Citizen) -> str:
        """Returns what the person shows at a checkpoint: the code of the card, or a number."""
        if self.rng.random() < 0.3:
            return card_text(person, person.full_name)
        return self.number(person)

    def passing(self, person: Citizen) -> Passing:
        """Returns a checkpoint on the way that the person has declared."""
        return self.rng.choice(self.passed[person.number])

    def any_checkpoint(self) -> str:
        """Returns a checkpoint for somebody who has declared no way, the busy ones more often."""
        weights = [checkpoint.weight for checkpoint in self.ordinary_checkpoints]
        return self.rng.choices(self.ordinary_checkpoints, weights)[0].checkpoint_id

    def daytime(self) -> datetime:
        return instant(0, 6 + 14 * self.rng.random())

    def new_plate(self) -> str:
        """Returns a number plate that nobody else has."""
        self._plates += 1
        letter = SERIES[self._plates // PLATES_PER_LETTER]
        return f"76{letter}{self._plates % PLATES_PER_LETTER:05d}"

    @property
    def tags(self) -> int:
        """Counts the tags that were given so far."""
        return self._tags

    def new_tag(self) -> str:
        """Returns what ids are derived from."""
        self._tags += 1
        return str(self._tags)

    def _born_since_vaccination(self) -> Iterator[Citizen]:
        return (person for person in self.citizens if person.birth_date > VACCINATED_FROM)


def card_text(person: Citizen, name: str) -> str:
    """Returns the code on the back of the person's CCCD, with this name on it."""
    sex = {"male": "Nam", "female": "Nữ"}[person.sex]
    fields = (
        person.number,
        person.cmnd or "",
        name,
        f"{person.birth_date:%d%m%Y}",
        sex,
        "Quảng Ngãi",
        "15042021",
    )
    return "|".join(fields)


def _is_grown(person: Citizen) -> bool:
    return person.age >= ADULT_AGE
