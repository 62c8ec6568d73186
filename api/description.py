"""What the OpenAPI description says beyond the routes' own signatures: problems by their media type, and which routes need a token."""

from typing import Any

from fastapi import FastAPI

from api.accounts.access import role_table
from api.http.problems import MEDIA_TYPE, ProblemBody

BEARER = "bearer"
SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token of an account; its role decides which routes it may call.",
}
PROBLEM = {"$ref": f"#/components/schemas/{ProblemBody.__name__}"}


def describe(app: FastAPI) -> None:
    """Lays itself over the framework's description, which would call problems plain JSON and every route open."""
    plain = app.openapi
    roles = role_table(app.state.api_routes)

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            said = plain()
            said["components"]["securitySchemes"] = {BEARER: SCHEME}
            for path, methods in said["paths"].items():
                for method, operation in methods.items():
                    _complete(operation, roles_needed=bool(roles.get((method.upper(), path))))
            app.openapi_schema = said
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign] # the framework's own way of extending it


def _complete(operation: dict[str, Any], *, roles_needed: bool) -> None:
    if roles_needed:
        operation["security"] = [{BEARER: []}]
    for response in operation["responses"].values():
        content = response.get("content", {})
        if content.get("application/json", {}).get("schema") == PROBLEM:
            response["content"] = {MEDIA_TYPE: content["application/json"]}
