"""Ids of events whose client made none: derived from its `Idempotency-Key`, so that a retry is the same event."""

from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from api.accounts import Account
from schemas.ids import derive_id

IdempotencyKey = Annotated[str | None, Header(max_length=200)]


def id_by_key(kind: str, account: Account, key: str | None, body: BaseModel) -> str | None:
    """None without a key. The content counts too: a key used again by mistake makes another event, and loses nothing."""
    return derive_id(kind, account.name, key, body.model_dump_json()) if key else None
