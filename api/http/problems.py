"""Problems by RFC 9457: one shape for all that goes wrong, naming every field at fault at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.http.fields import Output
from infra.errors import TooCostly, Unavailable

log = structlog.get_logger()
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 2
MAX_FAULTS_LISTED = 50
MAX_NAME_CHARACTERS = 100
"""A longer name of a field is cut: it may be one that the caller made up."""


class FieldFault(Output):
    """One field at fault."""

    field: str
    reason: str


class ProblemBody(Output):
    """The body of every answer that is not a success."""

    type: str
    title: str
    status: int
    detail: str | None = None
    detail_vi: str | None = None
    errors: list[FieldFault] | None = None
    suggestions: list[str] | None = None


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Describes, for OpenAPI, the statuses of a route that come with a problem."""
    return {status: {"model": ProblemBody} for status in statuses}


@dataclass
class Problem(Exception):
    """A request that cannot be served; raised anywhere below a route.

    `kind` ends the address of the problem's type. Further `members` go beside the standard ones.
    """

    status: HTTPStatus
    kind: str
    detail: str
    errors: Sequence[FieldFault] = ()
    members: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None

    def about(self, field: str) -> "Problem":
        """Returns the same faults, of another field."""
        errors = [FieldFault(field=field, reason=fault.reason) for fault in self.errors]
        return replace(self, errors=errors)

    def response(self) -> Response:
        body: dict[str, Any] = {
            "type": f"urn:dibiendong:problem:{self.kind}",
            "title": self.kind.replace("-", " ").capitalize(),
            "status": self.status.value,
            "detail": self.detail,
            **(self.members or {}),
        }
        if self.errors:
            body["errors"] = [
                {"field": fault.field, "reason": fault.reason} for fault in self.errors
            ]
        return Response(orjson.dumps(body), self.status, dict(self.headers or {}), MEDIA_TYPE)


def invalid(errors: Sequence[FieldFault], **members: Any) -> Problem:
    count = "1 field is" if len(errors) == 1 else f"{len(errors)} fields are"
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-input",
        f"{count} at fault; nothing was written",
        errors,
        members or None,
    )


def unavailable(part: str) -> Problem:
    """Returns the problem of a dependency that is away. What it said itself stays in the log."""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "unavailable",
        f"{part} does not answer; nothing is lost, try again",
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def too_costly(place: str = "") -> Problem:
    """Returns the problem of a question that would take too much, most of it for this place.

    The same question fails again, so it has no `Retry-After`.
    """
    about = f", most of it for {place}" if place else ""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "too-costly",
        f"the question takes more memory or time than one may{about}; ask about less",
        members={"place": place} if place else None,
    )


def faults_of(errors: Sequence[Any]) -> list[FieldFault]:
    """Turns Pydantic's errors into ours, without the input they quote, and no more than people
    mend."""
    return [
        FieldFault(field=_field(error["loc"]), reason=_reason(error))
        for error in errors[:MAX_FAULTS_LISTED]
    ]


def _field(location: Sequence[Any]) -> str:
    parts = [str(part) for part in location if part not in ("body", "query", "path", "header")]
    return ".".join(parts)[:MAX_NAME_CHARACTERS] or "body"


def _reason(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ")


async def on_problem(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return problem.response()


async def on_unavailable(request: Request, error: Exception) -> Response:
    assert isinstance(error, Unavailable)
    log.warning("a dependency is away", part=error.part, reason=str(error))
    if isinstance(error, TooCostly):
        return too_costly().response()
    return unavailable(error.part).response()


async def on_invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    return invalid(faults_of(error.errors())).response()
