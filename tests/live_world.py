"""A small world is written straight to the topics, and an oracle in memory judges it.

Helpers read what the tables hold of it.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from infra.clickhouse.client import connect
from infra.kafka.producer import BatchProducer, Output
from infra.kafka.registry import Registry
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import CitizenRecorded, DoorEvent, ReferenceEvent
from schemas.contract.topics import (
    CHECKPOINT_SCANS,
    DECLARATIONS,
    REFERENCE,
    REGISTRY_CITIZENS,
    VACCINATIONS,
    Topic,
)
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.streams.memory_path import MemoryPath
from tests.streams.people import COAST, NOON, checkpoint, citizen, declaration, dose, scan, zone
from tests.waiting import wait_until

PEOPLE = 400


class World:
    """A few hundred people: some use their old number, some are unknown, and some lie."""

    def __init__(self, seed: int, person_key: str) -> None:
        self._random = random.Random(seed)
        self._pseudonyms = Pseudonyms(person_key)
        self._tag = f"{seed:03d}"
        self.checkpoint_id = f"post-{self._tag}"
        self.reference: list[ReferenceEvent] = [
            checkpoint(self.checkpoint_id, COAST),
            zone(COAST, "red", NOON + timedelta(hours=2), NOON + timedelta(hours=4)),
        ]
        self.citizens = [self._citizen(i) for i in range(PEOPLE) if i % 10]
        self.events: list[DoorEvent] = []
        for i in range(PEOPLE):
            self.events += self._doings(i)
        self._random.shuffle(self.events)

    def _citizen(self, i: int) -> CitizenRecorded:
        return citizen(self._cccd(i).number, cmnd=self._cmnd(i).number)

    def _cccd(self, i: int) -> Document:
        return Document(DocumentKind.CCCD, f"051190{self._tag}{i:03d}")

    def _cmnd(self, i: int) -> Document:
        return Document(DocumentKind.CMND, f"{self._tag}{i:06d}")

    def _doings(self, i: int) -> Iterable[DoorEvent]:
        name = f"{self._tag} {i}"
        for n in range(self._random.randrange(1, 4)):
            at = NOON + timedelta(minutes=self._random.randrange(600))
            lies = {"full_name": "Lê Văn Tám"} if self._random.random() < 0.1 else {}
            document = self._document(i)
            key = self._pseudonyms.document(document)
            yield declaration(f"{name} {n}", document, at, document_key=key, **lies)
        for n in range(self._random.randrange(1, 6)):
            at = NOON + timedelta(minutes=self._random.randrange(6000))
            document = self._document(i)
            key = self._pseudonyms.document(document)
            yield scan(
                f"{name} {n}", document, at, document_key=key, checkpoint_id=self.checkpoint_id
            )
        document = self._document(i)
        key = self._pseudonyms.document(document)
        day = date(2021, 8, self._random.randrange(1, 28))
        number = self._random.randrange(1, 3)
        yield dose(name, number, day, document, document_key=key)

    def _document(self, i: int) -> Document:
        return self._cmnd(i) if self._random.random() < 0.3 else self._cccd(i)


def topic_of(event: DoorEvent) -> Topic:
    return {"DeclarationSubmitted": DECLARATIONS, "CheckpointScanned": CHECKPOINT_SCANS}.get(
        type(event).__name__, VACCINATIONS
    )


class Writer:
    def __init__(self, settings: Settings) -> None:
        self._codec, self._producer = Codec(Registry(settings)), BatchProducer(settings)

    def write_doors(self, events: Sequence[DoorEvent]) -> None:
        self._write(
            Output(topic_of(event), event.document_key, self._codec.encode(event))
            for event in events
        )

    def write_citizens(self, citizens: Sequence[CitizenRecorded]) -> None:
        self._write(
            Output(REGISTRY_CITIZENS, citizen.person_number, self._codec.encode(citizen))
            for citizen in citizens
        )

    def write_reference(self, facts: Sequence[ReferenceEvent]) -> None:
        self._write(Output(REFERENCE, None, self._codec.encode(fact)) for fact in facts)

    def _write(self, outputs: Iterable[Output]) -> None:
        asyncio.run(self._producer.write(outputs))


def write_outputs(settings: Settings, outputs: Sequence[Output]) -> None:
    asyncio.run(BatchProducer(settings).write(outputs))


def expected(world: World, person_key: str) -> MemoryPath:
    oracle = MemoryPath(batch=1000, person_key=person_key)
    oracle.decide(*world.reference)
    oracle.record(world.citizens)
    oracle.feed_links()
    oracle.feed(world.events)
    oracle.feed_links()
    return oracle


def rows_present(settings: Settings, world: World) -> Counter[str]:
    """Returns how often each door event is in the tables, by id; more than once is doubled."""
    wanted = [event.event_id for event in world.events]
    query = """
        SELECT toString(id), count() FROM (
            SELECT entry_id AS id FROM declarations FINAL
            UNION ALL SELECT scan_id FROM scans FINAL
            UNION ALL SELECT entry_id FROM vaccinations FINAL
        ) WHERE id IN {wanted:Array(UUID)} GROUP BY id
    """
    with connect(settings, "reader", timeout_s=30) as client:
        return Counter(dict(client.query(query, parameters={"wanted": wanted}).result_rows))


def open_flags(
    settings: Settings, oracle: MemoryPath, world: World
) -> dict[str, tuple[object, ...]]:
    people = list(oracle.entries_of_people())
    people += [oracle.pseudonyms.person_of(event.document_key) for event in world.events]
    query = """
        SELECT toString(flag_id), rule, toString(person_id), subject, reasons, causes
        FROM flags FINAL
        WHERE person_id IN {people:Array(String)} AND state = 'open'
    """
    with connect(settings, "reader", timeout_s=30) as client:
        rows = client.query(
            query, parameters={"people": people}, query_formats={"FixedString": "string"}
        ).result_rows
    return {
        flag_id: (rule, person_id, subject, tuple(reasons), tuple(causes))
        for flag_id, rule, person_id, subject, reasons, causes in rows
    }


def verdict_count(settings: Settings, world: World) -> int:
    wanted = [event.event_id for event in world.events]
    with connect(settings, "reader", timeout_s=30) as client:
        query = "SELECT count() FROM verdicts FINAL WHERE scan_id IN {wanted:Array(UUID)}"
        return int(client.query(query, parameters={"wanted": wanted}).result_rows[0][0])


def reference_known(settings: Settings, world: World) -> bool:
    with connect(settings, "reader", timeout_s=30) as client:
        query = "SELECT count() FROM reference_checkpoints WHERE checkpoint_id = {post:String}"
        return bool(client.query(query, parameters={"post": world.checkpoint_id}).result_rows[0][0])


def begin(settings: Settings, seed: int) -> tuple[World, Writer]:
    """Returns a world whose zones and checkpoint are known to the stages."""
    world = World(seed, settings.person_key.get_secret_value())
    writer = Writer(settings)
    writer.write_reference(world.reference)
    wait_until(lambda: reference_known(settings, world), what="the reference data to be projected")
    return world, writer


def assert_whole(settings: Settings, world: World) -> None:
    """Waits until the tables hold every event once, as the oracle has it.

    The flags are then the oracle's, and every scan has its verdict.
    """
    oracle = expected(world, settings.person_key.get_secret_value())
    ids = {event.event_id for event in world.events}
    wait_until(
        lambda: set(rows_present(settings, world)) == ids,
        what="every event to be in ClickHouse",
        poll_s=0.5,
    )
    wait_until(
        lambda: open_flags(settings, oracle, world) == oracle.open_flags(),
        what="flags equal to the oracle's",
        poll_s=0.5,
    )
    # Flags and rows come by different topics. A row may still be on its way to its person when the
    # flags are right.
    wait_until(
        lambda: set(rows_present(settings, world).values()) == {1},
        what="every event to be there once",
        poll_s=0.5,
    )
    wait_until(
        lambda: verdict_count(settings, world) == len(oracle.verdicts()),
        what="a verdict for every scan",
        poll_s=0.5,
    )
