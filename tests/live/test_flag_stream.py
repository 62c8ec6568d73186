"""A watcher's browser hears the flags of the path as server-sent events.

Only those who may watch are let in.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx2
import orjson
import pytest

from api.accounts.accounts import Role
from infra.settings import Settings
from infra.tools.doors_client import DoorsClient, token_of
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

NUMBERS = count(51190555001)
CHECKPOINT = {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"}
TRAVELLER = {"full_name": "NGUYEN VAN BINH", "birth_date": "03/04/1985", "sex": "Nam"}
JOURNEY = {
    "origin_code": "21190",
    "destination_code": "21091",
    "departure_at": "20/10/2021 06:30",
    "declared_at": "20/10/2021 06:00",
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of the stream; each stream starts with an id without an event, called `begun`."""

    kind: str
    event_id: str
    flag: dict[str, Any]


class Watcher:
    """Listens with the role's token, or with none."""

    def __init__(self, settings: Settings, role: Role | None = "tracer") -> None:
        self._address = f"{settings.api}/flags/stream"
        self._headers = {"Authorization": f"Bearer {token_of(settings, role)}"} if role else {}

    @contextmanager
    def listening(self, last_heard: Heard | None = None) -> Iterator[Iterator[Heard]]:
        headers = self._headers | ({"Last-Event-ID": last_heard.event_id} if last_heard else {})
        with httpx2.stream("GET", self._address, headers=headers, timeout=BOUND_S) as response:
            response.raise_for_status()
            yield _events(response)

    def refused_with(self) -> int:
        with httpx2.stream(
            "GET", self._address, headers=self._headers, timeout=BOUND_S
        ) as response:
            return response.status_code


def _events(response: httpx2.Response) -> Iterator[Heard]:
    """Yields what the stream says.

    Pings keep the connection open, so that a silent stream ends here and nowhere else.
    """
    fields: dict[str, str] = {}
    silent_since = time.monotonic()
    for line in response.iter_lines():
        assert time.monotonic() < silent_since + BOUND_S, "pings alone were heard"
        name, _, value = line.partition(": ")
        if line:
            fields[name] = value
        elif "id" in fields:
            flag = orjson.loads(fields.get("data", "{}"))
            yield Heard(fields.get("event", "begun"), fields["id"], flag)
            fields = {}
            silent_since = time.monotonic()


class Traveller:
    """A traveller whom nobody has met comes to the checkpoint and has declared nothing."""

    def __init__(self, settings: Settings, doors: DoorsClient) -> None:
        self.number = f"{next(NUMBERS):012d}"
        self.person_id = Pseudonyms(settings.person_key.get_secret_value()).person(self.number)
        self._doors = doors

    def comes_to_the_checkpoint(self) -> str:
        """Returns the id of the scan."""
        scan = {
            "shown": self.number,
            "checkpoint_id": "of-the-stream",
            "direction": "in",
            "scanned_at": "20/10/2021 07:00",
        }
        verdict = self._doors.post("/scans?wait_ms=30000", scan)
        assert "not_declared" in [reason["code"] for reason in verdict["reasons"]]
        return str(verdict["scan_id"])

    def hands_in_a_paper_form(self) -> None:
        """Sends a form that was filled in before the scan and keyed after it."""
        self._doors.post("/declarations", {"document_number": self.number, **TRAVELLER, **JOURNEY})

    def is_flagged(self) -> bool:
        response = self._doors.get("/flags", rule="no_valid_declaration", person_id=self.person_id)
        return bool(response["flags"])

    def next_heard(self, stream: Iterator[Heard]) -> Heard:
        """Returns the next change of their flag about the journey that they did not declare."""
        wanted = (self.person_id, "no_valid_declaration")
        return next(
            heard
            for heard in stream
            if (heard.flag.get("person_id"), heard.flag.get("rule")) == wanted
        )


@pytest.fixture
def doors(stack: RunningStack) -> Iterator[DoorsClient]:
    with DoorsClient(stack.settings, "admin") as doors:
        doors.put("/reference/checkpoints/of-the-stream", CHECKPOINT)
        yield doors


@pytest.fixture
def traveller(stack: RunningStack, doors: DoorsClient) -> Traveller:
    return Traveller(stack.settings, doors)


@pytest.fixture
def another(stack: RunningStack, doors: DoorsClient) -> Traveller:
    return Traveller(stack.settings, doors)


def test_a_flag_is_heard_when_it_is_raised_and_when_it_is_cleared(
    stack: RunningStack, traveller: Traveller
) -> None:
    with Watcher(stack.settings).listening() as stream:
        scan_id = traveller.comes_to_the_checkpoint()
        raised = traveller.next_heard(stream)
        traveller.hands_in_a_paper_form()
        cleared = traveller.next_heard(stream)
    assert raised.kind == "raised"
    assert raised.flag["subject"] == scan_id
    assert raised.flag["reasons"] == ["not_declared"]
    assert cleared.kind == "cleared"
    assert cleared.flag["flag_id"] == raised.flag["flag_id"]
    assert cleared.event_id != raised.event_id


def test_every_watcher_hears_a_flag(stack: RunningStack, traveller: Traveller) -> None:
    with (
        Watcher(stack.settings).listening() as stream,
        Watcher(stack.settings, "analyst").listening() as other,
    ):
        traveller.comes_to_the_checkpoint()
        assert traveller.next_heard(stream) == traveller.next_heard(other)


def test_a_watcher_who_went_away_does_not_keep_others_from_hearing(
    stack: RunningStack, traveller: Traveller, another: Traveller
) -> None:
    with Watcher(stack.settings).listening() as stream:
        with Watcher(stack.settings).listening() as leaving:
            traveller.comes_to_the_checkpoint()
            traveller.next_heard(leaving)
        another.comes_to_the_checkpoint()
        assert [person.next_heard(stream).kind for person in (traveller, another)] == [
            "raised",
            "raised",
        ]


def test_a_reconnect_with_the_last_event_heard_gives_what_came_in_between(
    stack: RunningStack, traveller: Traveller, another: Traveller
) -> None:
    with Watcher(stack.settings).listening() as stream:
        traveller.comes_to_the_checkpoint()
        last_heard = traveller.next_heard(stream)
    another.comes_to_the_checkpoint()
    wait_until(another.is_flagged, what="the flag of the time in between", poll_s=0.2)
    with Watcher(stack.settings).listening(last_heard) as stream:
        assert another.next_heard(stream).kind == "raised"


def test_a_watcher_who_heard_nothing_yet_can_come_back_too(
    stack: RunningStack, traveller: Traveller
) -> None:
    with Watcher(stack.settings).listening() as stream:
        begun = next(stream)
    assert begun.kind == "begun"
    traveller.comes_to_the_checkpoint()
    wait_until(traveller.is_flagged, what="the flag of the time in between", poll_s=0.2)
    with Watcher(stack.settings).listening(begun) as stream:
        assert traveller.next_heard(stream).kind == "raised"


@pytest.mark.parametrize(
    "event_id", ["", "nonsense", "1.2", "999999999.0.0.0", "-1.0.0.0", "1" * 4001]
)
def test_an_id_that_the_stream_never_gave_is_refused_by_name(
    stack: RunningStack, event_id: str
) -> None:
    never = Heard("raised", event_id, {})
    with pytest.raises(httpx2.HTTPStatusError) as refused, Watcher(stack.settings).listening(never):
        pass
    assert refused.value.response.status_code == 422


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("checkpoint", 403)])
def test_a_client_that_may_not_watch_is_refused(
    stack: RunningStack, role: Role | None, status: int
) -> None:
    assert Watcher(stack.settings, role).refused_with() == status
