"""The form in which the stage `screen` keeps a person's history; the rest of it lies in pieces."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from streams.rules.entries import (
    Cancellation,
    Case,
    Dose,
    HealthTest,
    Journey,
    Judged,
    Order,
    Reuse,
    Scan,
)
from streams.rules.older_uses import OlderUses
from streams.rules.shelf import Card, DeclarationCard, OlderJourneys, StoredShelf
from streams.rules.timeline import Key, StoredTimeline

NOTHING_IDENTIFIED = -1


class StoredHistory(msgspec.Struct, array_like=True, gc=False, kw_only=True):
    """What is stored of a history with the person; msgspec copies the defaults for each object."""

    layout: int = 2
    """Releases before stored something else than a number in the first place."""
    reference_version: int = NOTHING_IDENTIFIED
    journeys: StoredTimeline[Journey] = msgspec.field(default_factory=StoredTimeline)
    scans: StoredTimeline[Scan] = msgspec.field(default_factory=StoredTimeline)
    doses: StoredTimeline[Dose] = msgspec.field(default_factory=StoredTimeline)
    tests: StoredTimeline[HealthTest] = msgspec.field(default_factory=StoredTimeline)
    cancellations: StoredTimeline[Cancellation] = msgspec.field(default_factory=StoredTimeline)
    cases: dict[str, Case] = {}
    orders: dict[str, Order] = {}
    reuses: dict[str, Reuse] = {}
    older_uses: dict[str, OlderUses] = {}
    """What is known of the uses of a document that are not at hand, by document."""
    older_places: list[str] = []
    """Communes, checkpoints and vehicles of the entries that are not at hand, in order."""
    far_off: list[Key] = []
    """Journeys that begin or end at quite another time than they were declared, in order."""
    has_many_far_off: bool = False
    """There were more of them than are named, so that all journeys have to be looked through."""
    cards: StoredShelf[Card] = msgspec.field(default_factory=StoredShelf)
    """Cards of entries and documents, by id."""
    declarations: StoredShelf[DeclarationCard] = msgspec.field(default_factory=StoredShelf)
    older_journeys: StoredShelf[OlderJourneys] = msgspec.field(default_factory=StoredShelf)
    """Cards and older journeys of declarations, by the id of the declaration."""
    judged_version: int | None = None
    """Version of the reference data by which all subjects are judged; None before the first."""


CARDS: Mapping[str, Callable[[], Any]] = {
    "cards": Card,
    "declarations": DeclarationCard,
    "older_journeys": OlderJourneys,
}
"""The shelves of a history, each with what makes an empty card of it."""
TIMELINES = frozenset({"journeys", "scans", "doses", "tests", "cancellations"})

FIELD_OF_KIND: Mapping[type[Judged], str] = {
    Scan: "scans",
    Journey: "journeys",
    Dose: "doses",
    Cancellation: "cancellations",
    HealthTest: "tests",
    Case: "cases",
    Order: "orders",
    Reuse: "reuses",
}
"""Each kind of entry with the field of a history that holds it: all together, or in a timeline."""
