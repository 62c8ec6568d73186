"""Two documents under one id: whose event was received first keeps it, at every door alike."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from itertools import permutations

import pytest

from api.backends import reuse_watch
from api.backends.reuse_watch import ReuseWatch
from infra.errors import Unavailable
from schemas.contract.events import CheckpointScanned, DeclarationSubmitted, Event, IdReused
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS, Topic
from tests.streams.people import HOA_CCCD, HOA_CMND, NOON, PSEUDONYMS, declaration, scan

SECOND = timedelta(seconds=1)
CCCD_KEY, CMND_KEY = PSEUDONYMS.document(HOA_CCCD), PSEUDONYMS.document(HOA_CMND)


def first_scan() -> CheckpointScanned:
    return scan("one id", HOA_CCCD, NOON)


def second_scan() -> CheckpointScanned:
    later = NOON + SECOND
    return scan("one id", HOA_CMND, later, event_id=first_scan().event_id, received_at=later)


def noticed(events: Sequence[Event]) -> list[IdReused]:
    watch = ReuseWatch()
    for event in events:
        watch.see(event)
    return watch.take()


def test_the_scan_received_second_is_said_to_reuse_the_id_in_whichever_order_it_is_seen() -> None:
    (reuse,) = noticed([first_scan(), second_scan()])
    assert reuse.document_key == CMND_KEY
    assert (reuse.id_kind, reuse.cause_id) == ("scan", first_scan().event_id)
    assert noticed([second_scan(), first_scan()]) == [reuse]


def test_a_retry_reuses_nothing() -> None:
    assert noticed([first_scan(), first_scan()]) == []


def test_of_three_documents_all_but_the_first_are_said_to_reuse_the_id() -> None:
    third = scan(
        "one id", event_id=first_scan().event_id, document_key="f" * 32, received_at=NOON + SECOND
    )
    for order in permutations((first_scan(), second_scan(), third)):
        assert {reuse.document_key for reuse in noticed(order)} == {CMND_KEY, "f" * 32}


def test_declarations_of_one_document_reuse_nothing_and_those_of_two_do() -> None:
    first = declaration("one id", HOA_CCCD)
    again = declaration("one id", HOA_CCCD, NOON + SECOND)
    other = declaration("one id", HOA_CMND, NOON + SECOND)
    assert noticed([first, again]) == []
    (reuse,) = noticed([other, first])
    assert isinstance(other, DeclarationSubmitted)
    assert (reuse.document_key, reuse.reused_id) == (CMND_KEY, other.declaration_id)


def test_a_scan_and_a_declaration_may_have_one_id() -> None:
    declared = declaration("one id", HOA_CMND)
    same = scan("one id", event_id=declared.declaration_id)
    assert noticed([declared, same]) == []


class BusyBroker:
    """Takes what it is given at the second try."""

    takes_posts = True

    def __init__(self) -> None:
        self.tries: list[tuple[Topic, str | None, Event]] = []
        self.has_it = asyncio.Event()

    async def accept(self, topic: Topic, key: str | None, event: Event) -> None:
        self.tries.append((topic, key, event))
        if len(self.tries) == 1:
            raise Unavailable("kafka", "away")
        self.has_it.set()

    async def accept_all(self, topic: Topic, events: Sequence[tuple[str | None, Event]]) -> None:
        for key, event in events:
            await self.accept(topic, key, event)


@pytest.mark.parametrize(
    ("events", "topic"),
    [
        ([first_scan(), second_scan()], CHECKPOINT_SCANS),
        ([declaration("one id", HOA_CMND, NOON + SECOND), declaration("one id")], DECLARATIONS),
    ],
)
def test_a_reuse_waits_until_the_broker_takes_it(
    events: Sequence[Event], topic: Topic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reuse_watch, "LOOK_S", 0.0)
    monkeypatch.setattr(reuse_watch, "RETRY_S", 0.0)

    async def report() -> BusyBroker:
        broker, watch = BusyBroker(), ReuseWatch()
        for event in events:
            watch.see(event)
        reporting = asyncio.create_task(watch.report(broker))
        await broker.has_it.wait()
        reporting.cancel()
        return broker

    broker = asyncio.run(report())
    assert [(at, key) for at, key, _ in broker.tries] == [(topic, CMND_KEY)] * 2
