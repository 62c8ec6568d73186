"""Ids of events whose client made none: derived from its `Idempotency-Key`, so that a retry is the same event."""

from datetime import datetime
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from api.accounts.accounts import Account
from schemas.contract.ids import derive_id

IdempotencyKey = Annotated[str | None, Header(max_length=200)]


def saying(said_at: datetime | None, derived: str | None, received_at: datetime) -> str:
    """What tells one saying of the same from the next, such as a case reported, retracted, and reported again: its time, which is its
    reception where it has none; a retry by key is the same saying."""
    return "" if said_at is not None else derived or received_at.isoformat()


def id_by_key(kind: str, account: Account, key: str | None, body: BaseModel) -> str | None:
    """None without a key. The content counts too: a key used again by mistake makes another event, and loses nothing."""
    return derive_id(kind, account.name, key, body.model_dump_json()) if key else None
