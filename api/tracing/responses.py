"""The parts that the answers of several traces have in common: rules, contacts, stays, crowds."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache

import msgspec

from api.http.fields import Output
from api.tracing.contacts import Contact, Crowd, Stay
from api.tracing.forward_trace import TraceContact, TraceCrowd, TraceRules, TraceStay
from schemas.contract.events import ExposureRulesAdopted


class RulesOut(Output):
    """The rules that the trace followed.

    `assumed` names the parameters that the decision itself does not settle. `follow_days` is empty
    where it does not settle that.
    """

    rules_id: str
    source: str
    follow_days: int | None
    assumed: list[str]


class ContactOut(Output):
    source_id: str
    contact_id: str
    place: str
    """The place where both were, as far as is known of both."""
    parts: tuple[str, str]
    """The part of the place in which one of the two was, where it is known of that one alone.

    Otherwise the part is empty. Such a contact ranks below all others: the other person may have
    been in another part.
    """
    source_presence_id: str
    contact_presence_id: str
    met_from: datetime
    met_to: datetime
    apart_s: float
    """Gap between the stays in seconds; 0 if they overlap."""
    known_by: tuple[str, str]
    """Kinds of fact from which the source's place is known, and the contact's.

    Each kind is scan, journey, site_declaration, report or register.
    """
    granularity: tuple[str, str]
    """Granularity of the source's period, and of the contact's.

    Each is second, minute, hour, half_day, day or planned; both are empty at home.
    """
    uncertain_s: float
    """Total uncertainty of both periods in seconds, by the rules.

    The time together weighs less by as much.
    """
    rule: str
    """The rules' parameter by which the contact counts.

    The parameter is overlap_minutes (two stays of some length), apart_minutes (one of them is a
    moment) or households_count.
    """


class StayOut(Output):
    """A place and time at which the case was (mốc dịch tễ)."""

    place: str
    began_at: datetime
    ended_at: datetime
    known_by: str
    """Kind of fact from which the stay is known; a milestone of the request is a report."""
    granularity: str


class UnlistedOut(Output):
    """A stay at which more people were met than are listed: `more` weaker contacts are left out.

    In an hour in which more than some 4,096 were at the place, nobody is listed: people are reached
    by a public notice. `more` then counts everybody who was there in that hour, to about a tenth.
    """

    source_id: str
    place: str
    began_at: datetime
    more: int


def trace_stays(stays: Iterable[Stay]) -> list[TraceStay]:
    """Returns the stays in order of time."""
    in_order = sorted(stays, key=lambda stay: (stay.began_ms, stay.ended_ms, stay.place))
    return [
        TraceStay(
            place=stay.place,
            began_at=instant(stay.began_ms),
            ended_at=instant(stay.ended_ms),
            known_by=stay.source,
            granularity=stay.granularity,
        )
        for stay in in_order
    ]


def trace_crowds(crowds: Iterable[Crowd]) -> list[TraceCrowd]:
    return [
        TraceCrowd(
            source_id=crowd.source_id,
            place=crowd.place,
            began_at=instant(crowd.began_ms),
            more=crowd.more,
        )
        for crowd in crowds
    ]


def trace_rules(rules: ExposureRulesAdopted, assumed: Sequence[str]) -> TraceRules:
    """Returns the rules as answers name them; `assumed` adds what the request left open."""
    return TraceRules(
        rules_id=rules.rules_id,
        source=rules.source,
        follow_days=rules.follow_days,
        assumed=[*rules.assumed, *assumed],
    )


def trace_contact(contact: Contact) -> TraceContact:
    return TraceContact(
        source_id=contact.source_id,
        contact_id=contact.contact_id,
        place=contact.place,
        parts=contact.parts,
        source_presence_id=contact.source_presence_id,
        contact_presence_id=contact.contact_presence_id,
        met_from=instant(contact.met_from_ms),
        met_to=instant(contact.met_to_ms),
        apart_s=contact.apart_ms / 1000,
        known_by=contact.known_by,
        granularity=contact.granularity,
        uncertain_s=contact.uncertain_ms / 1000,
        rule=contact.rule,
    )


def rules_out(rules: TraceRules) -> RulesOut:
    return RulesOut(**msgspec.structs.asdict(rules))


def contact_out(contact: Contact) -> ContactOut:
    """Returns the contact unvalidated: none of its values came from outside."""
    return ContactOut.model_construct(**msgspec.structs.asdict(trace_contact(contact)))


def crowd_out(crowd: TraceCrowd) -> UnlistedOut:
    return UnlistedOut(**msgspec.structs.asdict(crowd))


def ms(at: datetime) -> int:
    """Returns the milliseconds since 1970."""
    return int(at.timestamp() * 1000)


@lru_cache(maxsize=8192)
def instant(at_ms: int) -> datetime:
    """Returns the UTC time; cached, because each contact also stands in the chains that pass it."""
    return datetime.fromtimestamp(at_ms / 1000, UTC)
