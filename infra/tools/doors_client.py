"""The doors as a client sees them: what the command line, the demo and the benchmarks post and ask."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

import httpx2
import orjson

from infra.errors import InfraError, SetupError, Unavailable
from infra.settings import Settings

Role = Literal[
    "declarant", "checkpoint", "clerk", "register", "tracer", "committee", "analyst", "admin"
]
CHUNK_ROWS = 5_000
LocalAccount = Role | Literal["committee@21025", "committee@522"]
"""Of the local profile: one a role, and committees of a ward and of its district."""
TIMEOUT_S = 60.0


class Refused(InfraError):
    """The doors said no; the sentence is theirs."""


class DoorsClient:
    """Calls as one account of the local profile. Raises `Unavailable`, `Refused`."""

    def __init__(self, settings: Settings, account: LocalAccount) -> None:
        headers = {"Authorization": f"Bearer {token_of(settings, account)}"}
        self._http = httpx2.Client(base_url=settings.api, headers=headers, timeout=TIMEOUT_S)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(self, path: str, **parameters: Any) -> Any:
        return self._answer(
            "GET",
            path,
            params={name: value for name, value in parameters.items() if value is not None},
        )

    def post(self, path: str, body: Any) -> Any:
        return self._answer("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._answer("PUT", path, json=body)

    def post_table(self, path: str, content: bytes, content_type: str) -> Any:
        return self._answer("POST", path, content=content, headers={"Content-Type": content_type})

    def post_rows(self, path: str, rows: Sequence[Any]) -> Any:
        return self.post_table(path, b"\n".join(map(orjson.dumps, rows)), "application/x-ndjson")

    def _answer(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = self._http.request(method, path, **request)
        except httpx2.HTTPError as error:
            raise Unavailable(
                "the API", f"{type(error).__name__}; is the stack up? 'dibiendong status' shows it"
            ) from error
        if response.is_success:
            return response.json()
        problem = (
            response.json() if response.headers.get("content-type", "").endswith("json") else {}
        )
        if response.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
            raise Unavailable("the API", str(problem.get("detail", response.reason_phrase)))
        raise Refused(
            f"{response.status_code} {problem.get('detail', response.reason_phrase)} {problem.get('errors', '')}".strip()
        )


def token_of(settings: Settings, account: LocalAccount) -> str:
    path = settings.data_dir / "tokens.json"
    if not path.exists():
        raise SetupError(
            f"There are no tokens in {path}: start the stack with 'dibiendong up', or set DIBIENDONG_DATA_DIR to its data."
        )
    tokens = orjson.loads(path.read_bytes())
    if account not in tokens:
        raise SetupError(f"There is no account {account} in {path}.")
    return str(tokens[account])


def chunks_of(path: Path, rows: int = CHUNK_ROWS) -> Iterator[tuple[int, int, bytes]]:
    """A table in pieces that each stand alone: line before the piece's first row, rows, bytes. A CSV's headings go before every piece;
    a quoted cell that holds line ends is never cut."""
    with path.open("rb") as file:
        heading = b"" if is_ndjson(path) else _record(file)
        before, piece, count = (1 if heading else 0), [heading], 0
        read = 0
        while record := _record(file):
            piece.append(record)
            read += record.count(b"\n") or 1
            count += 1
            if count == rows:
                yield before, count, b"".join(piece)
                before, piece, count, read = before + read, [heading], 0, 0
        if count:
            yield before, count, b"".join(piece)


def _record(file: Any) -> bytes:
    record: bytes = file.readline()
    while record.count(b'"') % 2 and (more := file.readline()):
        record += more
    return record


def is_ndjson(path: Path) -> bool:
    return path.suffix.lower() in (".ndjson", ".jsonl", ".json")
