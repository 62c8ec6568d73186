"""What the framework itself refuses, in our shape: no such route, the wrong method, a body that is no JSON."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import Request
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.http.problems import Problem


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    kind = status.phrase.lower().replace(" ", "-")
    headers = (
        {"Allow": _allowed(request)} if status is HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    )
    return Problem(status, kind, str(error.detail), headers=headers).response()


def _allowed(request: Request) -> str:
    """Returns the methods of every route at this address; the framework names those of the first route only."""
    routes: Sequence[APIRoute] = request.app.state.api_routes
    here = [route for route in routes if route.path_regex.match(request.scope["path"])]
    return ", ".join(sorted({method for route in here for method in route.methods or ()}))
