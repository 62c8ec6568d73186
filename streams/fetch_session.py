"""Fetch sessions for aiokafka (KIP-227): a fetch names only the partitions that have changed.

The broker remembers the others, and answers for those alone that have something new. Without a
session each fetch names every partition twice, in the request and in the response: with 64
partitions of many topics that took more of a worker than its records did.

Guarantees: after any error, and after a fetch whose answer was lost, the next one names all
partitions and begins a new session. A broker without sessions is sent whole fetches.
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiokafka.protocol.fetch import FetchRequest

from infra.kafka.offsets import Place

FIRST_VERSION = 7
"""From this version on a fetch may be of a session."""
MAX_EPOCH = (1 << 31) - 1
Named = Mapping[Place, tuple[int, int]]
"""Offset and most bytes of each partition that a fetch names."""


class SessionRequest(FetchRequest):  # type: ignore[misc] # aiokafka has no types
    """A fetch that names `changed` partitions alone, and those that the session may forget."""

    def __init__(
        self, whole: FetchRequest, session: tuple[int, int], changed: Named, forgotten: set[Place]
    ) -> None:
        super().__init__(
            whole._max_wait_ms,
            whole._min_bytes,
            whole._max_bytes,
            whole._isolation_level,
            _by_topic(changed.items()),
            whole._rack_id,
        )
        self._whole = whole
        self._session = session
        self._forgotten = forgotten

    def build(self, request_struct_class: Any) -> Any:
        if request_struct_class.API_VERSION < FIRST_VERSION:
            return self._whole.build(request_struct_class)
        struct: Any = super().build(request_struct_class)
        struct.session_id, struct.session_epoch = self._session
        forgotten: defaultdict[str, list[int]] = defaultdict(list)
        for topic, partition in self._forgotten:
            forgotten[topic].append(partition)
        struct.forgotten_topics_data = list(forgotten.items())
        return struct


class FetchSession:
    """What one broker remembers of the fetches that were sent to it."""

    def __init__(self) -> None:
        self._id = 0
        self._epoch = 0
        self._known: Named = {}
        self._requested: Named = {}

    def request(self, whole: FetchRequest) -> SessionRequest:
        """Returns the fetch that stands for the whole one in this session."""
        named: dict[Place, tuple[int, int]] = {}
        for topic, partitions in whole.topics:
            for partition, offset, max_bytes in partitions:
                named[topic, partition] = offset, max_bytes
        known = self._known
        changed = {place: at for place, at in named.items() if known.get(place) != at}
        self._requested = named
        forgotten = known.keys() - named.keys()
        return SessionRequest(whole, (self._id, self._epoch), changed, forgotten)

    def note(self, response: Any) -> None:
        """Notes what the broker answered; None stands for an answer that did not come."""
        is_of_session = (
            response is not None
            and response.API_VERSION >= FIRST_VERSION
            and response.error_code == 0
            and response.session_id != 0
        )
        if not is_of_session:
            self._forget()
            return
        self._id = response.session_id
        self._epoch = self._epoch + 1 if self._epoch < MAX_EPOCH else 1
        self._known = self._requested

    def _forget(self) -> None:
        """Has the next fetch name everything. A session without id and epoch is a new one."""
        self._id = 0
        self._epoch = 0
        self._known = {}


class FetchSessions:
    """Sends the fetches of one client within sessions, and all else as the client does."""

    def __init__(self, send: Callable[..., Awaitable[Any]]) -> None:
        self._send = send
        self._sessions: defaultdict[int, FetchSession] = defaultdict(FetchSession)

    async def send(self, node_id: int, request: Any, **options: Any) -> Any:
        if not isinstance(request, FetchRequest):
            return await self._send(node_id, request, **options)
        session = self._sessions[node_id]
        response = None
        try:
            response = await self._send(node_id, session.request(request), **options)
            return response
        finally:
            session.note(response)


def use_sessions(client: Any) -> None:
    """Has a client of aiokafka fetch within sessions; it has no public way to do so."""
    if not isinstance(getattr(client.send, "__self__", None), FetchSessions):
        client.send = FetchSessions(client.send).send


def _by_topic(
    named: Iterable[tuple[Place, tuple[int, int]]],
) -> list[tuple[str, list[tuple[int, int, int]]]]:
    topics: defaultdict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for (topic, partition), (offset, max_bytes) in named:
        topics[topic].append((partition, offset, max_bytes))
    return list(topics.items())
