"""The OpenAPI description of the doors, beyond the signatures of their routes.

It gives problems their media type, and says which routes need a token.
"""

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
    """Completes the framework's description: it calls problems plain JSON and all routes open."""
    framework_description = app.openapi

    def description() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = framework_description()
            _complete(schema, app)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = description  # type: ignore[method-assign] # the framework's own way of extending it


def _complete(schema: dict[str, Any], app: FastAPI) -> None:
    roles = role_table(app.state.api_routes)
    schema["components"]["securitySchemes"] = {BEARER: SCHEME}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            if roles.get((method.upper(), path)):
                operation["security"] = [{BEARER: []}]
            _name_problems(operation)


def _name_problems(operation: dict[str, Any]) -> None:
    for response in operation["responses"].values():
        content = response.get("content", {})
        if content.get("application/json", {}).get("schema") == PROBLEM:
            response["content"] = {MEDIA_TYPE: content["application/json"]}
