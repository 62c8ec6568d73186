"""A door for one kind of event: one fact as JSON, or a table of them, goes to its topic.

It stands between a route and the broker. A sender who tries again makes the same events again,
so that a retry changes nothing.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Generic, TypeVar

from fastapi import Request
from pydantic import BaseModel

from api.accounts.accounts import Account
from api.doors.batches import BatchResult, Keyed
from api.doors.idempotency import id_by_key
from api.doors.services import Services
from api.http.problems import FieldFault
from schemas.contract.events import Event
from schemas.contract.topics import Topic
from schemas.domain.documents import Document

B = TypeVar("B", bound=BaseModel)
E = TypeVar("E", bound=Event)
RowId = Callable[[], str]
Claim = Callable[[Services, Sequence[E]], Awaitable[Sequence[FieldFault | None]]]
"""Claims the ids of events that are to be sent; tells of each event whether its id is another's."""


@dataclass(frozen=True, slots=True)
class Submission:
    """How one body was submitted: by whom, when, and as which retry, if it may be one."""

    account: Account
    services: Services
    received_at: datetime
    retry_id: Callable[[], str | None]
    """Returns an id that the same input gets again; None where nothing marks a retry."""

    def about_holder(self, document: Document) -> dict[str, Any]:
        """Returns the fields that every event about the holder of a document has."""
        return {
            "document_key": self.services.pseudonyms.document(document),
            "document_kind": document.kind.value,
            "document_number": document.number,
            "received_at": self.received_at,
            "submitted_by": self.account.name,
        }


@dataclass(frozen=True, slots=True)
class EventDoor(Generic[B, E]):
    """Takes bodies of `model`, makes one event of each, and sends it to `topic`."""

    kind: str
    """The word from which ids are derived. It must never change, or a retry becomes a new event."""
    topic: Topic
    model: type[B]
    make_event: Callable[[B, Submission], E]
    """Raises `Problem` for a body that may not come in."""
    uses_row_id_as_is: bool = False
    """True: the id derived from a table row is used unchanged.

    False: the id of the event is derived from it once more, with `kind`.
    """
    claim: "Claim[E] | None" = None
    """None: an id of this door's events is never claimed; a later event may have it again."""

    async def accept(
        self, body: B, account: Account, services: Services, idempotency_key: str | None = None
    ) -> E:
        """Returns the event when the broker has it. Raises `Unavailable` if it does not."""
        event = self.make_event(body, self.submission(body, account, services, idempotency_key))
        await self.send(event, services)
        return event

    async def accept_table(
        self, request: Request, account: Account, services: Services
    ) -> BatchResult:
        """Sends the good rows of the request's table, and lists the refused ones."""
        received_at = datetime.now(UTC)

        def row_event(body: B, row_id: RowId) -> Keyed:
            retry_id = partial(self._retry_id_of_row, body, account, row_id)
            event = self.make_event(body, Submission(account, services, received_at, retry_id))
            return self._key(event), event

        claim = partial(self.claim, services) if self.claim else None
        return await services.batches.take(
            request, account, self.topic, self.model, row_event, claim
        )

    def submission(
        self, body: B, account: Account, services: Services, idempotency_key: str | None
    ) -> Submission:
        """Returns how a single body that comes in now was submitted."""
        retry_id = partial(id_by_key, self.kind, account, idempotency_key, body)
        return Submission(account, services, datetime.now(UTC), retry_id)

    async def send(self, event: E, services: Services) -> None:
        """Returns when the broker has the event on the door's topic.

        Raises `Unavailable` if it does not.
        """
        await services.broker.accept(self.topic, self._key(event), event)
        services.accepted.note(event)

    def _retry_id_of_row(self, body: B, account: Account, row_id: RowId) -> str | None:
        if self.uses_row_id_as_is:
            return row_id()
        return id_by_key(self.kind, account, row_id(), body)

    def _key(self, event: E) -> str:
        """Returns the field of the event that is its key: the topic's page names it.

        For an event about the holder of a document it is `document_key`.
        """
        key: str = getattr(event, self.topic.key)
        return key
