"""A client of the doors: the command line, the demo and the benchmarks post and query by it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Literal, Self

import httpx2
import orjson

from api.accounts.accounts import Role
from infra.errors import InfraError, SetupError, Unavailable
from infra.settings import Settings

CHUNK_ROWS = 5_000
LocalAccount = Role | Literal["committee@21025", "committee@522"]
"""An account of the local profile: one a role, and committees of a ward and of its district."""
TIMEOUT_S = 60.0


class Refused(InfraError):
    """The doors said no; the sentence is theirs. `faults` holds (field, reason) of each field."""

    def __init__(self, sentence: str, faults: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__(sentence)
        self.faults = faults


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
        """Leaves out the parameters that are None."""
        given = {name: value for name, value in parameters.items() if value is not None}
        return self._call("GET", path, params=given)

    def post(self, path: str, body: Any) -> Any:
        return self._call("POST", path, json=body)

    def put(self, path: str, body: Any) -> Any:
        return self._call("PUT", path, json=body)

    def post_table(self, path: str, content: bytes, content_type: str) -> Any:
        return self._call("POST", path, content=content, headers={"Content-Type": content_type})

    def post_rows(self, path: str, rows: Sequence[Any]) -> Any:
        return self.post_table(path, b"\n".join(map(orjson.dumps, rows)), "application/x-ndjson")

    def _call(self, method: str, path: str, **request: Any) -> Any:
        try:
            response = self._http.request(method, path, **request)
        except httpx2.HTTPError as error:
            reason = f"{type(error).__name__}; is the stack up? 'dibiendong status' shows it"
            raise Unavailable("the API", reason) from error
        if response.is_success:
            return response.json()
        raise _error_of(response)


def token_of(settings: Settings, account: LocalAccount) -> str:
    """Returns the account's token. Raises `SetupError` where there is none."""
    path = settings.data_dir / "tokens.json"
    if not path.exists():
        raise SetupError(
            f"There are no tokens in {path}: start the stack with 'dibiendong up', "
            "or set DIBIENDONG_DATA_DIR to its data."
        )
    tokens = orjson.loads(path.read_bytes())
    if account not in tokens:
        raise SetupError(f"There is no account {account} in {path}.")
    return str(tokens[account])


def chunks_of(path: Path, rows: int = CHUNK_ROWS) -> Iterator[tuple[int, int, bytes]]:
    """Yields a table in pieces that each stand alone: line before the first row, rows, bytes.

    A CSV's headings go before every piece; a quoted cell that holds line ends is never cut.
    """
    with path.open("rb") as file:
        heading = b"" if is_ndjson(path) else _next_record(file)
        line_before = 1 if heading else 0
        piece, count, lines = [heading], 0, 0
        while record := _next_record(file):
            piece.append(record)
            lines += record.count(b"\n") or 1
            count += 1
            if count == rows:
                yield line_before, count, b"".join(piece)
                line_before += lines
                piece, count, lines = [heading], 0, 0
        if count:
            yield line_before, count, b"".join(piece)


def is_ndjson(path: Path) -> bool:
    return path.suffix.lower() in (".ndjson", ".jsonl", ".json")


def _error_of(response: httpx2.Response) -> InfraError:
    is_json = response.headers.get("content-type", "").endswith("json")
    problem = response.json() if is_json else {}
    detail = problem.get("detail", response.reason_phrase)
    if response.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        return Unavailable("the API", str(detail))
    errors = problem.get("errors") or []
    sentence = f"{response.status_code} {detail} {problem.get('errors', '')}".strip()
    return Refused(sentence, [(error["field"], error["reason"]) for error in errors])


def _next_record(file: BinaryIO) -> bytes:
    """Returns a line, or several that a quoted cell holds together; nothing at the end."""
    record = file.readline()
    while record.count(b'"') % 2 and (more := file.readline()):
        record += more
    return record
