"""Random worlds written into the real ClickHouse, for traces to be held against the oracle's."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from clickhouse_connect.driver.client import Client
from hypothesis import strategies as st
from msgspec import structs

from infra.settings import Settings
from schemas.contract.events import DocumentLinked, DocumentUnlinked, Event
from schemas.contract.topics import CITIZEN_DOCUMENTS, DECLARED_IDENTITIES, JOURNAL
from schemas.domain.exposure import CV_11042, QD_3638
from streams.project import COLUMNS, Project
from streams.rows import Rows
from streams.stage import Received
from tests.api.tracing.brute_force import Living, Order, Presence
from tests.api.tracing.minutes import at
from tests.api.tracing.tracer import Tracer
from tests.streams.memory_path import MemoryPath

PEOPLE = "abcdef"
PLACES = ("post:1", "post:2", "vehicle:1", "site:1", "site:1/a", "site:1/a/x", "site:1/b")
SLOW = structs.replace(QD_3638, rules_id="slow", latent_hours=0.5, vehicles_count=False)
STRICT = structs.replace(
    QD_3638,
    rules_id="strict",
    overlap_minutes=30,
    apart_minutes={"post": 0.0},
    households_count=False,
)
RULES = (SLOW, QD_3638, CV_11042, STRICT)
MINUTES = st.integers(0, 48).map(lambda fives: 5 * fives)
"""Minutes in fives, so that ties and exact limits come often."""
DISTANCES = st.sampled_from((None, None, None, 0.5, 2.0, 2.5))
STAY = st.tuples(
    st.sampled_from(PEOPLE),
    st.sampled_from(PLACES),
    MINUTES,
    st.sampled_from((0, 0, 5, 15, 60, 200)),
    st.integers(0, 9),
    DISTANCES,
)
Stayed = tuple[Any, ...]
"""Person, place, minute, minutes.

Where it matters the minute of reception and the distance in metres follow.
"""
HOUSEHOLD_COLUMNS = [
    "household_key",
    "person_id",
    "said_at",
    "left_at",
    "received_at",
    "version",
]
ORDER_COLUMNS = [
    "person_id",
    "order_id",
    "entry_id",
    "kind",
    "status",
    "begins_at",
    "ends_at",
    "issued_at",
    "received_at",
    "version",
]


class Worlds(Tracer):
    """Writes each world under names of its own, so that none sees another, and traces in it."""

    def __init__(self, settings: Settings, client: Client) -> None:
        super().__init__(settings)
        self.client = client

    def write(self, stays: Sequence[Stayed]) -> list[Presence]:
        world = uuid4().hex
        presences = [_presence(stay, world) for stay in stays]
        self._insert([row_of(presence, version=-1, is_deleted=0) for presence in presences])
        return presences

    def merge(self, presences: list[Presence], person: str, into: str) -> list[Presence]:
        """Does as a link does.

        The presences of the person are withdrawn from them and written again at `into`.
        """
        merged = list[Presence]()
        for presence in presences:
            if person == into or not presence.person.startswith(person):
                merged.append(presence)
                continue
            reassigned = replace(presence, person=into + presence.person[1:])
            self.delete(presence)
            self._insert([row_of(reassigned, version=1, is_deleted=0)])
            merged.append(reassigned)
        return merged

    def report(self, events: Sequence[Event]) -> None:
        """Writes what the stages themselves make of these events, in the order they come in."""
        path, rows = MemoryPath(), Rows()
        path.feed(events)
        entries = path.topics[JOURNAL.name]
        Project(["presences"]).fold(
            [Received(entry, 0, offset) for offset, entry in enumerate(entries)], rows
        )
        for row in rows.by_table["presences"]:
            self.client.insert("presences", [row], column_names=COLUMNS["presences"])

    def tell(self, events: Sequence[Event]) -> None:
        """Writes what the stages themselves put into the identity vault of these events.

        The events come in the order in which the stages handle them.
        """
        path, rows, project = MemoryPath(), Rows(), Project(["identity_vault"])
        path.feed(events)
        links = [event for event in events if isinstance(event, DocumentLinked | DocumentUnlinked)]
        register = [*links, *path.topics[CITIZEN_DOCUMENTS.name]]
        for topic in (register, path.topics[DECLARED_IDENTITIES.name]):
            project.fold([Received(event, 0, offset) for offset, event in enumerate(topic)], rows)
        self.client.insert(
            "identity_vault",
            rows.by_table["identity_vault"],
            column_names=COLUMNS["identity_vault"],
        )

    def settle(self, living: Sequence[Living]) -> None:
        """Writes households in the order in which they become known; there is one at least."""
        rows = list[list[Any]]()
        for version, member in enumerate(sorted(living, key=lambda member: member.known)):
            known_at = at(member.known)
            left_at = None if member.left is None else at(member.left)
            rows.append([member.home, member.person, known_at, left_at, known_at, version])
        self.client.insert("household_members", rows, column_names=HOUSEHOLD_COLUMNS)

    def order(self, orders: Sequence[Order]) -> None:
        """Writes each order twice: the first report, of a moment before, holds no more."""
        rows = list[list[Any]]()
        for order in orders:
            rows += _order_rows(order)
        if rows:
            self.client.insert("orders", rows, column_names=ORDER_COLUMNS)

    def delete(self, presence: Presence) -> None:
        self._insert([row_of(presence, version=1, is_deleted=1)])

    def merge_parts(self) -> None:
        for table in ("presences", "presences_by_place", "identity_vault", "residence_changes"):
            self.client.command(f"OPTIMIZE TABLE {table} FINAL")

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        self.client.insert(
            "presences", [list(row.values()) for row in rows], column_names=list(rows[0])
        )


def _presence(stay: Stayed, world: str) -> Presence:
    person, place, began, minutes, *more = stay
    return Presence(
        f"{person}{world[1:]}",
        place.replace(":", f":{world}-"),
        began,
        began + minutes,
        str(uuid4()),
        *more,
    )


def row_of(presence: Presence, *, version: int, is_deleted: int) -> dict[str, Any]:
    return {
        "person_id": presence.person,
        "place": presence.place,
        "began_at": at(presence.began),
        "ended_at": at(presence.ended),
        "presence_id": presence.presence_id,
        "distance_m": presence.distance_m,
        "granularity": presence.granularity,
        "known_from": at(presence.received),
        "version": version,
        "is_deleted": is_deleted,
    }


def _order_rows(order: Order) -> list[list[Any]]:
    order_id = str(uuid4())
    received = at(order.received)
    before = received - timedelta(seconds=1)
    kind = "home_isolation" if order.at_home else "quarantine"
    ends = None if order.ends is None else at(order.ends)
    holds = [kind, "in_force", at(order.begins), ends, received, received, 0]
    replaced = ["quarantine", "lifted", at(-600), None, before, before, 0]
    return [
        [order.person, order_id, str(uuid4()), *holds],
        [order.person, order_id, str(uuid4()), *replaced],
    ]
