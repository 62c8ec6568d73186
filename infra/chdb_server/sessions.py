"""Sessions: a connection kept between requests with its temporary tables and SETs, one request at a time, until it times out.

Requests without a session borrow a connection; it is used again only if nothing in it can have changed.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from infra.chdb_server.accounts import Role
from infra.chdb_server.engine import Connection, Engine
from infra.chdb_server.errors import ClickHouseError, refusal

DEFAULT_TIMEOUT_S = 60
MAX_TIMEOUT_S = 3600
SPARE_MAX = 8
UNSURE = "\0"
"""Stands for the value of a setting after a SET that failed somewhere; equal to no value a client can send."""


@dataclass(slots=True)
class Session:
    """A connection with what the requests so far laid over its own settings and database.

    What a request brings in its address holds for that request alone, so it is taken back before the session's own
    statements run. `own` remembers the values underneath.
    """

    engine: Engine
    role: Role
    connection: Connection | None = None
    laid: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    database: str | None = None
    own_database: str | None = None
    busy: bool = False
    expiry: asyncio.TimerHandle | None = None

    def prepare(self, settings: Mapping[str, str], database: str | None) -> Connection:
        """The connection with these settings in force. Runs on a worker thread."""
        if self.connection is None:
            self.connection = self.engine.connect(self.role)
        stale = {name: self.own[name] for name in list(self.laid) if name not in settings}
        new = {name: value for name, value in settings.items() if self.laid.get(name) != value}
        for name in new:
            if name not in self.own:
                self.own[name] = self.connection.text(
                    f"SELECT toString(getSetting({_quoted(name)}))"
                )
        self._lay({**stale, **new})
        self.laid = dict(settings)
        self._choose(database)
        return self.connection

    def _lay(self, changes: Mapping[str, str]) -> None:
        assert self.connection is not None
        try:
            self.connection.set(changes)
        except ClickHouseError:
            self.laid |= dict.fromkeys(changes, UNSURE)
            raise

    def _choose(self, database: str | None) -> None:
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
        """After SET or USE of the client: what is in force now is the session's own."""
        assert self.connection is not None
        self.own.clear()
        self.own_database = self.database = self.connection.text("SELECT currentDatabase()")

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


def _quoted(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Sessions:
    """The open sessions, by account and id. Used on the event loop only."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.open: dict[tuple[Role, str], Session] = {}
        self.spare: dict[Role, list[Session]] = {"writer": [], "reader": []}

    def borrow(self, role: Role) -> Session:
        """For one request that names no session."""
        return self.spare[role].pop() if self.spare[role] else Session(self.engine, role)

    def bring_back(self, session: Session, *, unchanged: bool) -> None:
        if unchanged and len(self.spare[session.role]) < SPARE_MAX:
            self.spare[session.role].append(session)
        else:
            session.close()

    def take(self, role: Role, session_id: str, *, must_exist: bool) -> Session:
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

    def give_back(self, role: Role, session_id: str, timeout_s: int) -> None:
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
    """Seconds a session outlives its last request."""
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
