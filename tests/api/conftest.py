"""The doors over stand-ins: a broker that keeps what it takes, a read side that knows nothing."""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.datastructures import State

from api.accounts.accounts import ROLES, Account, Accounts, hash_of
from api.app import api_routes, make_app
from api.backends.accepted import Accepted
from api.backends.batched_queries import BatchedQueries
from api.backends.flag_stream import FlagStream
from api.backends.ids_in_use import IdsInUse
from api.backends.keys import Keys
from api.backends.replay_jobs import Replays
from api.backends.verdicts import Verdicts
from api.doors.batches import Batches
from api.doors.services import Services
from api.http.limits import RateLimits
from infra.errors import Unavailable
from infra.settings import Settings
from schemas.contract.codec import Codec
from schemas.contract.events import CheckpointDescribed, CheckpointScanned, Event, VerdictReached
from schemas.contract.ids import EventId, PersonId
from schemas.contract.topics import Topic
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference import Reference, ReferenceAsOf
from schemas.domain.tokens import SigningKey
from tests.api.in_place_tracer import InPlaceTracer
from tests.streams.fakes import SchemaFiles

POST = CheckpointDescribed(
    event_id=EventId("post"),
    checkpoint_id="binh-de",
    name="Chốt đèo Bình Đê",
    unit_code="21481",
    valid_from=datetime(2021, 1, 1, tzinfo=UTC),
    received_at=datetime(2021, 1, 1, tzinfo=UTC),
    submitted_by="police",
)


CARD = "051190000123|212345678|Nguyễn Thị Hoà|17021990|Nữ|Đức Phổ|15042021"
"""The text of a CCCD card's code."""


class KeepingBroker:
    """`api.backends.broker.Broker` in memory.

    With `away` it refuses. With `verdicts` it answers each scan with one, as the stages would.
    """

    def __init__(self) -> None:
        self.taken: list[tuple[str, str | None, Event]] = []
        self.away = False
        self.verdicts: Verdicts | None = None

    @property
    def takes_posts(self) -> bool:
        return not self.away

    async def accept(self, topic: Topic, key: str | None, event: Event) -> None:
        await self.accept_all(topic, ((key, event),))

    async def accept_all(self, topic: Topic, events: Sequence[tuple[str | None, Event]]) -> None:
        if self.away:
            raise Unavailable("kafka", "it is told to be away")
        self.taken += [(topic.name, key, event) for key, event in events]
        for _, event in events:
            if self.verdicts is not None and isinstance(event, CheckpointScanned):
                self.verdicts.reach(verdict_on(event))

    @property
    def events(self) -> list[Any]:
        return [event for _, _, event in self.taken]


def verdict_on(scan: CheckpointScanned) -> VerdictReached:
    return VerdictReached(
        scan_id=scan.event_id,
        person_id=PersonId("0" * 32),
        checkpoint_id=scan.checkpoint_id,
        decision="refer",
        reasons=["not_declared"],
        flag_ids=[],
        policy_id="built-in",
        reference_version=0,
        registered=True,
        scanned_at=scan.scanned_at,
        received_at=scan.received_at,
        decided_at=datetime.now(UTC),
        document_key=scan.document_key,
    )


class KnownReference:
    ready = True

    def __init__(self) -> None:
        self.current = Reference()
        self.current.add(0, POST)
        self.unread: list[CheckpointDescribed] = []
        self.stands_still = False

    @property
    def latest(self) -> ReferenceAsOf:
        return self.current.as_of(self.current.version)

    def reads_to_end(self, timeout_s: float) -> bool:
        if self.stands_still:
            return False
        while self.unread:
            self.current.add(self.current.version + 1, self.unread.pop())
        return True


class EmptyReadSide:
    async def ask(self, name: str, parameters: Any) -> list[Any]:
        return []

    ask_text = ask

    async def ask_with(
        self, name: str, parameters: Any, table: str, structure: str, rows: Any
    ) -> list[Any]:
        return []

    async def ask_people(self, name: str, parameters: Any, people: Any) -> list[Any]:
        return []

    async def alive(self) -> bool:
        return True

    async def declarations(self, declaration_id: UUID) -> dict[str, datetime]:
        return {}

    async def declaration_ended(self, declaration_id: UUID) -> None:
        return None

    async def verdicts(self, scan_id: UUID) -> list[VerdictReached]:
        return []


ACCOUNTS = [
    *(Account(role, role) for role in ROLES),
    Account("committee@21025", "committee", "21025"),
]


@asynccontextmanager
async def _serve_for_its_bench(app: FastAPI) -> AsyncIterator[None]:
    app.state.services = app.state.bench.services()
    yield
    await app.state.services.replays.close()


def doors_of(settings: Settings) -> FastAPI:
    """Returns doors that one bench after another may use.

    Their first request costs a fifth of a second, for it works out what each route needs.
    """
    return make_app(settings, _serve_for_its_bench)


class Bench:
    """The doors and the stand-ins below them.

    `app` has doors that an earlier bench used; without it they are new.
    """

    def __init__(self, settings: Settings, app: FastAPI | None = None) -> None:
        self.settings = settings
        self.broker = KeepingBroker()
        self.read_side = EmptyReadSide()
        self.keys = Keys.of(
            [SigningKey(b"\x01", Ed25519PrivateKey.from_private_bytes(bytes(range(32))))]
        )
        self.pseudonyms = Pseudonyms("key-of-the-tests")
        self.app = app or doors_of(settings)
        self.app.state = State({"api_routes": api_routes(), "bench": self})
        self.client = TestClient(self.app, raise_server_exceptions=False)

    def services(self) -> Services:
        codec = Codec(SchemaFiles())
        accepted = Accepted(self.settings, codec, 100)
        return Services(
            settings=self.settings,
            accounts=Accounts({hash_of(f"token-{account.name}"): account for account in ACCOUNTS}),
            limits=RateLimits(self.settings),
            broker=self.broker,
            batches=Batches(self.broker),
            pseudonyms=self.pseudonyms,
            reference=KnownReference(),  # type: ignore[arg-type] # a stand-in
            verdicts=Verdicts(self.settings, codec),
            flag_stream=FlagStream(self.settings, codec),
            clickhouse=self.read_side,  # type: ignore[arg-type] # a stand-in
            batched_queries=BatchedQueries(self.read_side),
            tracer=InPlaceTracer(lambda: self.doors.clickhouse, self.pseudonyms),
            keys=self.keys,
            accepted=accepted,
            ids=IdsInUse(accepted, self.read_side),  # type: ignore[arg-type] # a stand-in
            replays=Replays(self.settings),
        )

    @property
    def doors(self) -> Services:
        doors: Services = self.app.state.services
        return doors

    def call(self, method: str, path: str, role: str = "admin", **request: Any) -> Any:
        headers = {"Authorization": f"Bearer token-{role}", **request.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **request)

    def post(self, path: str, body: Any, role: str = "admin", **headers: str) -> Any:
        return self.call("POST", path, role, json=body, headers=headers)

    def post_table(self, path: str, content: bytes | str, content_type: str = "text/csv") -> Any:
        return self.call("POST", path, content=content, headers={"Content-Type": content_type})


def scan_of(shown: str, **more: Any) -> dict[str, Any]:
    return {
        "shown": shown,
        "checkpoint_id": "binh-de",
        "direction": "in",
        "scanned_at": "2021-09-15T10:30:00",
    } | more


def settings_of_bench(data_dir: Path) -> Settings:
    return Settings(_env_file=None, data_dir=data_dir, verdict_wait_ms=50)  # type: ignore[call-arg] # pydantic-settings takes it


@pytest.fixture(scope="session")
def shared_doors(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    return doors_of(settings_of_bench(tmp_path_factory.mktemp("doors")))


@pytest.fixture
def bench(tmp_path: Path, shared_doors: FastAPI) -> Iterator[Bench]:
    bench = Bench(settings_of_bench(tmp_path), shared_doors)
    with bench.client:
        yield bench


@pytest.fixture
def bench_with_own_doors(tmp_path: Path) -> Iterator[Bench]:
    """Yields a bench whose doors a test may add routes to."""
    bench = Bench(settings_of_bench(tmp_path))
    with bench.client:
        yield bench


@pytest.fixture
def declaration() -> dict[str, Any]:
    return {
        "document_number": "051190000123",
        "full_name": "Nguyễn Thị Hoà",
        "birth_date": "17/02/1990",
        "sex": "Nữ",
        "origin_code": "21025",
        "destination_code": "21439",
        "departure_at": "15/09/2021 10:00",
    }
