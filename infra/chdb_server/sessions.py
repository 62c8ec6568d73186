"""Keeps sessions: connections with their temporary tables and SETs.

A session serves one request at a time, until it times out. Requests without a session borrow a
connection, which is used again only if nothing in it can have changed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.chdb_server.accounts import Role
from infra.chdb_server.engine import Connection, Engine, literal
from infra.chdb_server.errors import ClickHouseError, refusal

DEFAULT_TIMEOUT_S = 60
MAX_TIMEOUT_S = 3600
SPARE_MAX = 8
UNSURE = "\0"
"""Value of a setting after a SET that failed; no client can send such a value."""


@dataclass(slots=True)
class Session:
    """A connection, and what a request has laid over its own settings and database.

    What a request brings in its address holds for that request alone, so it is taken back before
    the session's own statements run.
    """

    engine: Engine
    role: Role
    connection: Connection | None = None
    overlay: dict[str, str] = field(default_factory=dict)
    """Settings of the last request, as they are in force now."""
    own: dict[str, str] = field(default_factory=dict)
    """Values of the same settings underneath the overlay."""
    database: str | None = None
    own_database: str | None = None
    busy: bool = False
    expiry: asyncio.TimerHandle | None = None

    def prepare(self, settings: Mapping[str, str], database: str | None) -> Connection:
        """Returns the connection with these settings in force. It runs on a worker thread."""
        if self.connection is None:
            self.connection = self.engine.connect(self.role)
        stale = {name: self.own[name] for name in self.overlay if name not in settings}
        new = {name: value for name, value in settings.items() if self.overlay.get(name) != value}
        for name in new:
            if name not in self.own:
                query = f"SELECT toString(getSetting({literal(name)}))"
                self.own[name] = self.connection.text(query)
        self._set({**stale, **new})
        self.overlay = dict(settings)
        self._use(database)
        return self.connection

    def _set(self, changes: Mapping[str, str]) -> None:
        assert self.connection is not None
        try:
            self.connection.set(changes)
        except ClickHouseError:
            self.overlay |= dict.fromkeys(changes, UNSURE)
            raise

    def _use(self, database: str | None) -> None:
        assert self.connection is not None
        wanted = database or self.own_database
        if wanted == self.database:
            return
        if self.own_database is None:
            self.own_database = self.connection.text("SELECT currentDatabase()")
            wanted = wanted or self.own_database
        self.connection.use(wanted or self.own_database)
        self.database = wanted

    def changed_itself(self) -> None:
        """Takes what is in force now for the session's own, after SET or USE of the client."""
        assert self.connection is not None
        self.own.clear()
        self.database = self.connection.text("SELECT currentDatabase()")
        self.own_database = self.database

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


class Sessions:
    """Holds the open sessions, by account and id. It is used on the event loop only."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open: dict[tuple[Role, str], Session] = {}
        self.spare: dict[Role, list[Session]] = {"writer": [], "reader": []}

    def borrow(self, role: Role) -> Session:
        """Returns a session for a request that names none."""
        return self.spare[role].pop() if self.spare[role] else Session(self.engine, role)

    def bring_back(self, session: Session, *, unchanged: bool) -> None:
        """Keeps a borrowed session for another request, or closes it."""
        if unchanged and len(self.spare[session.role]) < SPARE_MAX:
            self.spare[session.role].append(session)
        else:
            session.close()

    def lock(self, role: Role, session_id: str, *, must_exist: bool) -> Session:
        """Returns the session, for one request alone. Raises ClickHouseError if another has it."""
        session = self.open.get((role, session_id))
        if session is None:
            if must_exist:
                raise refusal("SESSION_NOT_FOUND", "Session not found")
            session = self.open[role, session_id] = Session(self.engine, role)
        if session.busy:
            raise refusal(
                "SESSION_IS_LOCKED", f"Session {session_id} is locked by a concurrent client"
            )
        session.busy = True
        if session.expiry is not None:
            session.expiry.cancel()
        return session

    def release(self, role: Role, session_id: str, timeout_s: int) -> None:
        """Frees the session for the next request, and ends it if none comes within `timeout_s`."""
        session = self.open[role, session_id]
        session.busy = False
        session.expiry = asyncio.get_running_loop().call_later(
            timeout_s, self._expire, role, session_id
        )

    def _expire(self, role: Role, session_id: str) -> None:
        self.open.pop((role, session_id)).close()

    def close(self) -> None:
        for session in self.open.values():
            if session.expiry is not None:
                session.expiry.cancel()
            session.close()
        for session in (*self.spare["writer"], *self.spare["reader"]):
            session.close()


def timeout_of(value: str | None) -> int:
    """Returns how many seconds a session outlives its last request."""
    if value is None:
        return DEFAULT_TIMEOUT_S
    try:
        seconds = int(value)
    except ValueError:
        raise refusal("INVALID_SESSION_TIMEOUT", f"Invalid session timeout: '{value}'") from None
    if not 0 < seconds <= MAX_TIMEOUT_S:
        raise refusal(
            "INVALID_SESSION_TIMEOUT",
            f"Session timeout '{value}' is not between 1 and {MAX_TIMEOUT_S}",
        )
    return seconds
