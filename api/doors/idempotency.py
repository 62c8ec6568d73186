"""Ids of events whose client made none: the same input gets the same id, so a retry is harmless."""

from datetime import datetime
from typing import Annotated

from fastapi import Header
from pydantic import BaseModel

from api.accounts.accounts import Account
from schemas.contract.ids import derive_id

IdempotencyKey = Annotated[str | None, Header(max_length=200)]


def report_marker(reported_at: datetime | None, retry_id: str | None, received_at: datetime) -> str:
    """Returns what tells one report from the next of the same content.

    A case may be reported, retracted, and reported again as at first. Then the time tells the
    reports apart: the time stated in the report, which its content holds, or else its reception.
    A retry is the same report.
    """
    if reported_at is not None:
        return ""
    return retry_id or received_at.isoformat()


def id_by_key(kind: str, account: Account, key: str | None, body: BaseModel) -> str | None:
    """Returns an id derived from the account, the key and the content; None without a key.

    The content counts too: a key used again by mistake makes another event, and loses nothing.
    """
    if not key:
        return None
    return derive_id(kind, account.name, key, body.model_dump_json())
