"""Puts a world on its way: part of it straight on the topics, part of it through the doors.

The client at the doors keeps what was accepted.
"""

import random
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson

from infra.errors import Unavailable
from infra.settings import Settings
from infra.tools.doors_client import token_of
from schemas.contract.events import (
    CheckpointScanned,
    CitizenRecorded,
    DeclarationSubmitted,
    DoorEvent,
    DoseAdministered,
)
from tests.chaos.world import ChaosWorld
from tests.live_world import Writer

GIVE_UP_S = 240.0
CLIENTS = 4
BATCH_ROWS = 40
Posted = DeclarationSubmitted | CheckpointScanned | DoseAdministered | CitizenRecorded
DOORS: dict[type[Posted], str] = {
    DeclarationSubmitted: "/declarations",
    CheckpointScanned: "/scans",
    DoseAdministered: "/vaccinations",
    CitizenRecorded: "/registry/citizens",
}
PERSON = "document_number full_name birth_date sex "
DECLARATION = (
    "declaration_id origin_code destination_code departure_at transport_mode "
    "symptoms exposed channel declared_at"
)
SCAN = "checkpoint_id direction scanned_at"
DOSE = "event_id dose_number product administered_on"
CITIZEN = "person_number full_name birth_date sex snapshot_id recorded_at"


def row_of(event: Posted) -> dict[str, Any]:
    """Returns what a client posts so that the door makes this very event of it."""
    match event:
        case CheckpointScanned():
            shown = {"scan_id": event.event_id, "shown": event.document_number}
            return shown | _fields(event, SCAN)
        case DeclarationSubmitted():
            return _fields(event, PERSON + DECLARATION)
        case DoseAdministered():
            return _fields(event, PERSON + DOSE)
        case CitizenRecorded():
            documents = {held.kind: held.number for held in event.documents}
            return documents | _fields(event, CITIZEN)


def _fields(event: Posted, names: str) -> dict[str, Any]:
    return {name: getattr(event, name) for name in names.split()}


@dataclass
class Client:
    """Posts until the response says that the broker has it.

    It sends the same rows with the same ids, however often it got no answer.
    """

    settings: Settings
    retried: int = 0
    decided: int = 0
    """Scans answered with their verdict; the other responses said where it will be."""
    scans: list[str] = field(default_factory=list)
    _http: httpx2.Client | None = None
    _connecting: threading.Lock = field(default_factory=threading.Lock)
    _given_up: threading.Event = field(default_factory=threading.Event)

    def post_all(self, door: str, events: Sequence[Posted]) -> None:
        body = b"\n".join(orjson.dumps(row_of(event)) for event in events)
        answer = self._until_accepted(f"{door}/batch", body, "application/x-ndjson")
        if answer["refused"]:
            raise AssertionError(f"{door} refused rows it should take: {answer['rows'][:2]}")

    def post(self, door: str, event: Posted) -> None:
        answer = self._until_accepted(door, orjson.dumps(row_of(event)), "application/json")
        if isinstance(event, CheckpointScanned):
            self.scans.append(event.event_id)
            self.decided += "decision" in answer

    def give_up(self) -> None:
        """Ends the posts that have no answer yet: the schedule has ended without them."""
        self._given_up.set()

    def close(self) -> None:
        if self._http is not None:
            self._http.close()

    def _until_accepted(self, path: str, body: bytes, content_type: str) -> Any:
        deadline, last = time.monotonic() + GIVE_UP_S, ""
        while time.monotonic() < deadline and not self._given_up.is_set():
            try:
                response = self._connected().post(
                    path, content=body, headers={"Content-Type": content_type}
                )
                last = f"{response.status_code} {response.text[:300]}"
                if response.is_success and not response.json().get("stopped"):
                    return response.json()
                if _is_refusal(response):
                    raise AssertionError(f"{path} refused what it should take: {last}")
            except httpx2.HTTPError as error:
                last = type(error).__name__
            self.retried += 1
            time.sleep(0.2)
        raise AssertionError(f"{path} did not accept a post within {GIVE_UP_S:.0f} s: {last}")

    def _connected(self) -> httpx2.Client:
        # Several threads post; the first one connects for all.
        with self._connecting:
            if self._http is None:
                headers = {"Authorization": f"Bearer {token_of(self.settings, 'admin')}"}
                self._http = httpx2.Client(base_url=self.settings.api, headers=headers, timeout=15)
            return self._http


def _is_refusal(response: httpx2.Response) -> bool:
    """Returns whether the same post would be refused again."""
    if response.is_success or response.status_code == httpx2.codes.TOO_MANY_REQUESTS:
        return False
    return response.status_code < 500


class Load:
    """Sends two events of three through the doors, a few of them one by one.

    The rest is written to the topics.
    """

    def __init__(self, settings: Settings, world: ChaosWorld, draw: random.Random) -> None:
        self.settings, self.world, self._draw = settings, world, draw
        self.client, self._writer = Client(settings), Writer(settings)
        self._pool = ThreadPoolExecutor(CLIENTS, thread_name_prefix="client")
        self._posting: list[Future[None]] = []

    def connect_anew(self) -> None:
        """Writes on with another producer: one that knew a log gives up on a shorter one."""
        self._writer = Writer(self.settings)

    def steps(self, count: int) -> Iterator[int]:
        """Yields between two steps, while what was posted is on its way.

        The caller does its harm there. Ends when all is accepted.
        """
        for turn in range(count):
            self.put(self.world.events[turn::count], self.world.citizens[turn::count])
            yield turn
        self.settle()

    def put(self, events: Sequence[DoorEvent], citizens: Sequence[CitizenRecorded]) -> None:
        posted = [
            event
            for event in (*events, *citizens)
            if self._draw.random() < 2 / 3 and not is_ahead(event)
        ]
        taken = {id(event) for event in posted}
        self.post(posted)
        self._write_until_taken(
            [event for event in events if id(event) not in taken],
            [citizen for citizen in citizens if id(citizen) not in taken],
        )

    def post(self, posted: Sequence[Any]) -> None:
        for kind, door in DOORS.items():
            of_kind = [event for event in posted if type(event) is kind]
            singly = [event for event in of_kind if self._draw.random() < 0.1]
            batch = [event for event in of_kind if event not in singly]
            for start in range(0, len(batch), BATCH_ROWS):
                rows = batch[start : start + BATCH_ROWS]
                self._posting.append(self._pool.submit(self.client.post_all, door, rows))
            for event in singly:
                self._posting.append(self._pool.submit(self.client.post, _waiting(door), event))

    def settle(self) -> None:
        """Returns when every post was accepted."""
        for post in self._posting:
            post.result(timeout=GIVE_UP_S + 30)
        self._posting.clear()

    def close(self) -> None:
        self.client.give_up()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self.client.close()

    def _write_until_taken(
        self, events: Sequence[DoorEvent], citizens: Sequence[CitizenRecorded]
    ) -> None:
        deadline = time.monotonic() + GIVE_UP_S
        while True:
            try:
                self._writer.write_doors(events)
                return self._writer.write_citizens(citizens)
            except Unavailable:
                if time.monotonic() > deadline:
                    raise


def is_ahead(event: object) -> bool:
    """Returns whether no door takes the event; it is written past them."""
    return isinstance(event, CheckpointScanned) and event.scanned_at > datetime.now(UTC)


def _waiting(door: str) -> str:
    """Returns the door without a wait for verdicts: each must only be findable later."""
    return f"{door}?wait_ms=200" if door == "/scans" else door
