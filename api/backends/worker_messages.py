"""What a door and its worker process say to each other over two pipes.

Each message is the length of a pickle, and the pickle. Both ends are of one program, and nobody
else holds the pipes.
"""

import asyncio
import pickle
from dataclasses import dataclass
from typing import Any, NamedTuple

from api.http.problems import Problem
from infra.errors import InfraError, TooCostly, Unavailable

LENGTH_BYTES = 8


class Call(NamedTuple):
    """A door asks for a task by its name."""

    number: int
    task: str
    arguments: tuple[Any, ...]


class Cancel(NamedTuple):
    """The door wants no answer to this call any more."""

    number: int


class Answer(NamedTuple):
    number: int
    result: Any = None
    failure: "Failure | None" = None


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of a task, as both ends can read it: not every exception passes a pickle whole."""

    kind: str
    fields: dict[str, Any]

    @classmethod
    def of(cls, error: Exception) -> "Failure":
        match error:
            case Problem():
                return cls("problem", {name: getattr(error, name) for name in PROBLEM_FIELDS})
            case TooCostly():
                return cls("too costly", {"part": error.part, "reason": _reason(error)})
            case Unavailable():
                return cls("unavailable", {"part": error.part, "reason": _reason(error)})
            case _:
                return cls("fault", {"reason": f"{type(error).__name__}: {error}"})

    def error(self) -> Exception:
        match self.kind:
            case "problem":
                return Problem(**self.fields)
            case "too costly":
                return TooCostly(**self.fields)
            case "unavailable":
                return Unavailable(**self.fields)
            case _:
                return WorkerFault(self.fields["reason"])


class WorkerFault(InfraError):
    """A task failed by a fault of ours. The log of the worker has its traceback."""


def _reason(error: Unavailable) -> str:
    return str(error).partition(": ")[2]


PROBLEM_FIELDS = ("status", "kind", "detail", "errors", "members", "headers")


async def read_message(reader: asyncio.StreamReader) -> Any:
    """Returns the next message. Raises `asyncio.IncompleteReadError` at the end of the pipe."""
    length = int.from_bytes(await reader.readexactly(LENGTH_BYTES))
    return pickle.loads(await reader.readexactly(length))  # noqa: S301 -- only our own processes hold the pipe


def message(content: object) -> bytes:
    pickled = pickle.dumps(content, protocol=pickle.HIGHEST_PROTOCOL)
    return len(pickled).to_bytes(LENGTH_BYTES) + pickled
