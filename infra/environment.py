"""Hands the settings of one process to another, through the environment of that process."""

import json
import os
from pathlib import Path

from pydantic import SecretStr

from infra.settings import Settings

PREFIX = "DIBIENDONG_"


def variables(settings: Settings) -> dict[str, str]:
    """Returns every field, so that no .env file and no other directory changes one of them."""
    names = type(settings).model_fields
    return {PREFIX + name.upper(): _as_text(getattr(settings, name)) for name in names}


def secrets() -> list[str]:
    """Returns the names of the variables that hold passwords and keys."""
    fields = Settings.model_fields.items()
    return [PREFIX + name.upper() for name, field in fields if field.annotation is SecretStr]


def _as_text(value: object) -> str:
    match value:
        case SecretStr():
            return value.get_secret_value()
        case Path():
            return str(value.resolve())
        case str():
            return value
        case _:
            return json.dumps(value, default=str)


def for_child(settings: Settings) -> dict[str, str]:
    """Returns the whole environment of a child process of the stack."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    # Fewer malloc arenas keep the resident size of the many-threaded parts down.
    return inherited | variables(settings) | {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2"}
