"""Random worlds written into the real ClickHouse, for traces to be held against the brute-force tracer."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from clickhouse_connect.driver.client import Client
from hypothesis import strategies as st
from msgspec import structs

from api.backends.batched_queries import Together
from api.backends.clickhouse import ReadSide
from api.tracing.chains import Chains
from api.tracing.contacts import Contact, Infectious
from api.tracing.forward import Traced, follow
from api.tracing.households import HOUSEHOLD
from api.tracing.meetings import ways_between
from api.tracing.residences import residences_of
from api.tracing.responses import ms
from api.tracing.trace_request import ForwardIn
from infra.settings import Settings
from schemas.contract.events import DocumentLinked, DocumentUnlinked, Event, ExposureRulesAdopted
from schemas.contract.topics import CITIZEN_DOCUMENTS, DECLARED_IDENTITIES, JOURNAL
from schemas.domain.exposure import CV_11042, QD_3638
from streams.project import COLUMNS, Project
from streams.sink import Rows
from streams.stage import Received
from tests.api.tracing.brute_force import Answer, Living, Moved, Order, Presence, trace
from tests.streams.memory_path import MemoryPath

MIDNIGHT = datetime(2021, 9, 14, 17, tzinfo=UTC)
"""In Vietnam; the worlds begin two hours before."""
PEOPLE, PLACES = (
    "abcdef",
    ("post:1", "post:2", "vehicle:1", "site:1", "site:1/a", "site:1/a/x", "site:1/b"),
)
SLOW = structs.replace(QD_3638, rules_id="slow", latent_hours=0.5, vehicles_count=False)
RULES = (
    SLOW,
    QD_3638,
    CV_11042,
    structs.replace(
        QD_3638,
        rules_id="strict",
        overlap_minutes=30,
        apart_minutes={"post": 0.0},
        households_count=False,
    ),
)
MINUTES = st.integers(0, 48).map(lambda fives: 5 * fives)
"""In fives, so that ties and exact limits come often."""
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
"""Person, place, minute, minutes, and where it matters the minute of reception and the distance in metres."""


class Worlds:
    """Writes each world under names of its own, so that none sees another."""

    def __init__(self, settings: Settings, client: Client) -> None:
        self.settings, self._client = settings, client

    def write(self, stays: Sequence[Stayed]) -> list[Presence]:
        world = uuid4().hex
        presences = [
            Presence(
                f"{person}{world[1:]}",
                place.replace(":", f":{world}-"),
                began,
                began + minutes,
                str(uuid4()),
                *more,
            )
            for person, place, began, minutes, *more in stays
        ]
        self._insert([row_of(one, version=-1, is_deleted=0) for one in presences])
        return presences

    def merge(self, presences: list[Presence], person: str, into: str) -> list[Presence]:
        """As a link does: the presences of the one are withdrawn from them and written again at the other."""
        moved = (
            [one for one in presences if one.person.startswith(person)] if person != into else []
        )
        for one in moved:
            self.delete(one)
            self._insert(
                [row_of(replace(one, person=into + one.person[1:]), version=1, is_deleted=0)]
            )
        return [
            replace(one, person=into + one.person[1:]) if one in moved else one for one in presences
        ]

    def report(self, events: Sequence[Event]) -> None:
        """What the stages themselves make of these events, in the order in which they meet them."""
        path, rows = MemoryPath(), Rows()
        path.feed(events)
        entries = path.topics[JOURNAL.name]
        Project(["presences"]).fold(
            [Received(entry, 0, offset) for offset, entry in enumerate(entries)], rows
        )
        for row in rows.by_table["presences"]:
            self._client.insert("presences", [row], column_names=COLUMNS["presences"])

    def tell(self, events: Sequence[Event]) -> None:
        """What the stages themselves write into the identity vault of these events, in the order in which they meet them."""
        path, rows, project = MemoryPath(), Rows(), Project(["identity_vault"])
        path.feed(events)
        links = [
            *(event for event in events if isinstance(event, DocumentLinked | DocumentUnlinked)),
            *path.topics[CITIZEN_DOCUMENTS.name],
        ]
        for told in (links, path.topics[DECLARED_IDENTITIES.name]):
            project.fold([Received(event, 0, offset) for offset, event in enumerate(told)], rows)
        self._client.insert(
            "identity_vault",
            rows.by_table["identity_vault"],
            column_names=COLUMNS["identity_vault"],
        )

    def residences(self, people: Sequence[str], known_at: int | None = None) -> dict[str, str]:
        async def asked() -> dict[str, str]:
            side = ReadSide(self.settings)
            try:
                return dict(
                    await residences_of(
                        Together(side), people, None if known_at is None else ms(at(known_at))
                    )
                )
            finally:
                await side.close()

        return asyncio.run(asked())

    def settle(self, living: Sequence[Living]) -> None:
        """In the order in which it becomes known; there is one at least."""
        columns = ["household_key", "person_id", "said_at", "left_at", "received_at", "version"]
        rows = [
            [
                one.home,
                one.person,
                at(one.known),
                None if one.left is None else at(one.left),
                at(one.known),
                version,
            ]
            for version, one in enumerate(sorted(living, key=lambda one: one.known))
        ]
        self._client.insert("household_members", rows, column_names=columns)

    def order(self, orders: Sequence[Order]) -> None:
        """Each said twice: the first word, of a moment before, holds no more."""
        columns = [
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
        rows = list[list[Any]]()
        for one in orders:
            order_id, ends = str(uuid4()), None if one.ends is None else at(one.ends)
            word = [
                one.person,
                order_id,
                str(uuid4()),
                "home_isolation" if one.at_home else "quarantine",
                "in_force",
                at(one.begins),
                ends,
                at(one.received),
                at(one.received),
                0,
            ]
            before = at(one.received) - timedelta(seconds=1)
            rows += [
                word,
                [
                    *word[:2],
                    str(uuid4()),
                    "quarantine",
                    "lifted",
                    at(-600),
                    None,
                    before,
                    before,
                    0,
                ],
            ]
        if rows:
            self._client.insert("orders", rows, column_names=columns)

    def delete(self, presence: Presence) -> None:
        self._insert([row_of(presence, version=1, is_deleted=1)])

    def merge_parts(self) -> None:
        for table in ("presences", "presences_by_place", "identity_vault", "residence_changes"):
            self._client.command(f"OPTIMIZE TABLE {table} FINAL")

    def _insert(self, rows: list[dict[str, Any]]) -> None:
        self._client.insert(
            "presences", [list(row.values()) for row in rows], column_names=list(rows[0])
        )

    def follow(
        self,
        case: str,
        since: int,
        until: int,
        depth: int,
        rules: ExposureRulesAdopted,
        known_at: int | None = None,
        **more: Any,
    ) -> Chains:
        known = None if known_at is None else at(known_at)
        question = ForwardIn(
            person_id=case,
            depth=depth,
            most_per_stay=2000,
            most_followed=20_000,
            known_at=known,
            **more,
        )
        return self._ask(question, rules, since, until).chains

    def ways(
        self, one: str, other: str, since: int, until: int, rules: ExposureRulesAdopted
    ) -> tuple[list[Contact], list[Contact], bool]:
        async def asked() -> tuple[list[Contact], list[Contact], bool]:
            side = ReadSide(self.settings)
            try:
                period = ms(at(since)), ms(at(until))
                return await ways_between(
                    Together(side), Infectious(one, *period), Infectious(other, *period), rules
                )
            finally:
                await side.close()

        return asyncio.run(asked())

    def answer(self, case: str, **asked: Any) -> Traced:
        """What is cut off included: the first four hours, one generation."""
        return self._ask(ForwardIn(person_id=case, depth=1, **asked), QD_3638, 0, 240)

    def _ask(
        self, question: ForwardIn, rules: ExposureRulesAdopted, since: int, until: int
    ) -> Traced:
        async def asked() -> Traced:
            side = ReadSide(self.settings)
            try:
                return await follow(Together(side), question, rules, (at(since), at(until)))
            finally:
                await side.close()

        return asyncio.run(asked())


def row_of(one: Presence, *, version: int, is_deleted: int) -> dict[str, Any]:
    return {
        "person_id": one.person,
        "place": one.place,
        "began_at": at(one.began),
        "ended_at": at(one.ended),
        "presence_id": one.presence_id,
        "distance_m": one.distance_m,
        "granularity": one.granularity,
        "known_from": at(one.received),
        "version": version,
        "is_deleted": is_deleted,
    }


def at(minute: int) -> datetime:
    return MIDNIGHT - timedelta(hours=2) + timedelta(minutes=minute)


def expected(
    presences: list[Presence],
    case: str,
    since: int,
    until: int,
    depth: int,
    rules: ExposureRulesAdopted,
    known_at: int | None = None,
    living: Sequence[Living] = (),
    moved: Sequence[Moved] = (),
    contacts_until: int | None = None,
    orders: Sequence[Order] = (),
) -> Answer:
    apart = {kind: int(minutes) for kind, minutes in rules.apart_minutes.items()}
    overlap = int(rules.overlap_minutes)
    return trace(
        presences,
        case,
        since,
        until,
        depth,
        overlap=overlap,
        apart=apart,
        known_at=10**9 if known_at is None else known_at,
        moved=moved,
        living=living if rules.households_count else (),
        latent=int(60 * rules.latent_hours),
        vehicles=rules.vehicles_count,
        contacts_until=contacts_until,
        orders=orders,
    )


def answer_of(chains: Chains) -> Answer:
    def minute(at_ms: int) -> int:
        return (at_ms - ms(at(0))) // 60_000

    return Answer(
        {person: reached.generation for person, reached in chains.people.items()},
        {person: minute(reached.earliest.at_ms) for person, reached in chains.people.items()},
        frozenset(edge_of(contact) for contact in chains.contacts.values()),
    )


def edge_of(contact: Contact) -> tuple[str, str, str, str]:
    who = contact.source_id, contact.contact_id
    if contact.place.startswith(HOUSEHOLD):
        return *who, f"home of {who[0]}", f"home of {who[1]}"
    return *who, contact.source_presence_id, contact.contact_presence_id
