"""What the framework itself refuses, in our shape: no such route, the wrong method, a body that is no JSON."""

import re
from functools import cache
from http import HTTPStatus

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from api.accounts import ROUTE_ROLES
from api.problems import Problem


async def on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    kind = status.phrase.lower().replace(" ", "-")
    headers = {"Allow": _allowed(request.scope["path"])} if status is HTTPStatus.METHOD_NOT_ALLOWED else error.headers
    return Problem(status, kind, str(error.detail), headers=headers).response()


def _allowed(path: str) -> str:
    """Of every route at this address, where the framework names those of the first."""
    return ", ".join(sorted({method for method, template in ROUTE_ROLES if _pattern(template).match(path)}))


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return compile_path(template)[0]
