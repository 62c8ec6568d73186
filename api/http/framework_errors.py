"""Requests that the framework itself refuses, as problems: no such route, the wrong method."""

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
    headers = error.headers
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": _allowed(request)}
    return Problem(status, kind, str(error.detail), headers=headers).response()


def _allowed(request: Request) -> str:
    """Returns the methods of every route at this address.

    The framework names those of the first route only.
    """
    routes: Sequence[APIRoute] = request.app.state.api_routes
    methods = set[str]()
    for route in routes:
        if route.path_regex.match(request.scope["path"]):
            methods |= route.methods or set()
    return ", ".join(sorted(methods))
