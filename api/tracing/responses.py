"""How every trace tells its parts: its rules, contacts, crowded stays and times."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from api.http.fields import Output
from api.tracing.contacts import Contact, Stay, Unlisted
from schemas.contract.events import ExposureRulesAdopted


class RulesOut(Output):
    """`assumed`: parameters that the decision itself does not settle. `follow_days` empty: neither does it settle that."""

    rules_id: str
    source: str
    follow_days: int | None
    assumed: list[str]


class ContactOut(Output):
    source_id: str
    contact_id: str
    place: str
    """Where both were, as far as is known of both."""
    parts: tuple[str, str]
    """Where the part of the place is known of one of the two alone, the part in which that one was; else empty. Such a contact ranks below
    all others: the other may have been in another part."""
    source_presence_id: str
    contact_presence_id: str
    met_from: datetime
    met_to: datetime
    apart_s: float
    """Between the two stays; 0 where they overlap."""
    known_by: tuple[str, str]
    """Which kind of fact says where the one was, and where the other: scan, journey, site_declaration, report or register."""
    granularity: tuple[str, str]
    """How exactly the one's period is known, and the other's: second, minute, hour, half_day, day or planned; empty at home."""
    uncertain_s: float
    """By how much the two periods may be off, as the rules have it: so much less the time together weighs."""
    rule: str
    """Parameter of the rules by which it counts: overlap_minutes (two stays of some length), apart_minutes (one of them is a moment) or
    households_count."""


class StayOut(Output):
    """Where the case was (mốc dịch tễ)."""

    place: str
    began_at: datetime
    ended_at: datetime
    known_by: str
    """Which kind of fact says so, as of a contact; a milestone of the question is a report."""
    granularity: str


class UnlistedOut(Output):
    """A stay where more people were met than are listed: so many weaker contacts lie below the cut."""

    source_id: str
    place: str
    began_at: datetime
    more: int


def stays_out(stays: Iterable[Stay]) -> list[dict[str, Any]]:
    """In order of time."""
    return [
        {
            "place": one.place,
            "began_at": instant(one.began_ms),
            "ended_at": instant(one.ended_ms),
            "known_by": one.source,
            "granularity": one.granularity,
        }
        for one in sorted(stays, key=lambda one: (one.began_ms, one.ended_ms, one.place))
    ]


def unlisted_out(unlisted: Iterable[Unlisted]) -> list[dict[str, Any]]:
    return [
        {
            "source_id": one.source_id,
            "place": one.place,
            "began_at": instant(one.began_ms),
            "more": one.more,
        }
        for one in unlisted
    ]


def rules_out(rules: ExposureRulesAdopted, assumed: Sequence[str]) -> RulesOut:
    """`assumed`: what the question left open besides."""
    return RulesOut(
        rules_id=rules.rules_id,
        source=rules.source,
        follow_days=rules.follow_days,
        assumed=[*rules.assumed, *assumed],
    )


def contact_out(contact: Contact) -> ContactOut:
    """Unchecked: none came from outside."""
    return ContactOut.model_construct(**contact_told(contact))


def contact_told(contact: Contact) -> dict[str, Any]:
    """The fields of a `ContactOut`, without making one: a trace has thousands."""
    return {
        "source_id": contact.source_id,
        "contact_id": contact.contact_id,
        "place": contact.place,
        "parts": contact.parts,
        "source_presence_id": contact.source_presence_id,
        "contact_presence_id": contact.contact_presence_id,
        "met_from": instant(contact.met_from_ms),
        "met_to": instant(contact.met_to_ms),
        "apart_s": contact.apart_ms / 1000,
        "known_by": contact.known_by,
        "granularity": contact.granularity,
        "uncertain_s": contact.uncertain_ms / 1000,
        "rule": contact.rule,
    }


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@lru_cache(maxsize=8192)
def instant(at_ms: int) -> datetime:
    """Each is told several times: of a contact by itself, and in the chains that pass it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)
