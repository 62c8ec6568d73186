"""Which communes people belong to, so that each can be told of its own."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from schemas.places import parents, unit


class CommuneOut(BaseModel):
    """`unit_code` is empty for people whose residence nobody knows."""

    unit_code: str
    name: str
    district: str
    people: int


def communes_of(residence_codes: Iterable[str]) -> list[dict[str, Any]]:
    """Most people first. `residence_codes`: of each person, empty if nobody knows it."""
    counts = Counter(residence_codes)
    return [
        {"unit_code": code, "name": _name(code), "district": _name(next(iter(parents(code)), "")) if code else "", "people": count}
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _name(code: str) -> str:
    found = unit(code) if code else None
    return found.name if found else ""
