"""The load of one schedule: people declare symptoms too, and the register corrects itself.

It is made from a seed.
"""

import random
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from schemas.contract.events import (
    CheckpointScanned,
    CitizenRecorded,
    DeclarationSubmitted,
    DoorEvent,
)
from schemas.contract.ids import EventId, derive_id
from tests.live_world import World
from tests.streams.people import event_id

CORRECTED_NAME = "Nguyễn Thị Hoà Bình"


class ChaosWorld(World):
    """The live tests' world with ids that a door derives.

    So the same events may go through a door or past it.
    """

    def __init__(self, number: int, person_key: str) -> None:
        super().__init__(number, person_key)
        draw = random.Random(number)
        self.events = [_as_a_door_names_it(event, draw) for event in self.events]
        corrected = [_corrected(citizen) for citizen in self.citizens if draw.random() < 0.5]
        self.citizens = [*self.citizens, *corrected]
        draw.shuffle(self.citizens)

    def put_off(self, by: timedelta, of_every: int) -> None:
        """Moves some scans that much later than today, as a device with a clock ahead would say."""
        now = datetime.now(UTC)
        for place in range(0, len(self.events), of_every):
            if isinstance(event := self.events[place], CheckpointScanned):
                self.events[place] = replace(event, scanned_at=now + by)


def _as_a_door_names_it(event: DoorEvent, draw: random.Random) -> DoorEvent:
    if not isinstance(event, DeclarationSubmitted):
        return event
    return replace(
        event,
        event_id=EventId(derive_id("declaration-submitted", event.declaration_id)),
        symptoms=["ho"] if draw.random() < 0.1 else [],
        exposed=True if draw.random() < 0.05 else None,
    )


def _corrected(citizen: CitizenRecorded) -> CitizenRecorded:
    """Returns a later row of the register; a declaration under the earlier name differs from it."""
    return replace(
        citizen,
        event_id=event_id(f"corrected {citizen.person_number}"),
        full_name=CORRECTED_NAME,
        recorded_at=citizen.recorded_at + timedelta(hours=6),
        snapshot_id="2021-09-14-evening",
    )


def is_correction(citizen: CitizenRecorded) -> bool:
    return citizen.full_name == CORRECTED_NAME
