"""Finds the subjects that a change of the reference data concerns, by its place and its time.

All others would be judged as before. What is found may be more than what changes, never less.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

from schemas.contract.events import CheckpointDescribed, PolicyAdopted, ZoneLevelDecided
from schemas.domain.reference import ReferenceAsOf, ReferenceKind
from streams.rules.entries import NEAR, Journey, Judged
from streams.rules.history import History
from streams.rules.instants import LAST, earlier, later

Concerned = Iterator[tuple[ReferenceKind, Judged]]


def concerned_entries(history: History, since: int, reference: ReferenceAsOf) -> Concerned:
    """Yields the entries that any change between `since` and the reference's version concerns.

    Each comes with the kind of what changed.
    """
    if not reference.changed_since(since):
        return
    for policy in reference.policies_since(since):
        yield from _under_policy(policy, history)
    places = history.places()
    for place in places:
        for described in reference.checkpoints_since(place, since):
            yield from _at_checkpoint(described, history)
        if reference.permits_changed_since(place, since):
            yield from _with_permit(place, history)
    yield from _in_zones(history, _changed_zones(places, since, reference))


def _under_policy(policy: PolicyAdopted, history: History) -> Concerned:
    begin, end = policy.valid_from, _end(policy.valid_to)
    for timeline in (history.scans, history.journeys, history.doses):
        for entry in timeline.between(begin, end):
            yield "policies", entry


def _at_checkpoint(described: CheckpointDescribed, history: History) -> Concerned:
    for scan in history.scans.between(described.valid_from, _end(described.valid_to)):
        if scan.checkpoint_id == described.checkpoint_id:
            yield "checkpoints", scan


def _with_permit(key: str, history: History) -> Concerned:
    for scan in history.scans:
        if key in scan.permit_keys():
            yield "permits", scan


def _in_zones(history: History, by_unit: "Periods") -> Concerned:
    """Yields all scans in the time of new decisions on any of the person's places.

    At a scan the levels count of its checkpoint, and of the ends of declared ways.
    A journey counts where it begins or ends in that place and time.
    """
    for begin, end in dict.fromkeys(chain.from_iterable(by_unit.values())):
        for scan in history.scans.between(begin, end):
            yield "zones", scan
        for journey in _journeys_about(history, begin, end):
            if _begins_or_ends_in(by_unit, journey):
                yield "zones", journey


def _journeys_about(history: History, begin: datetime, end: datetime) -> list[Journey]:
    """Returns the journeys that may begin or end in a period."""
    if history.stored.has_many_far_off:
        return list(history.journeys)
    near = history.journeys.between(earlier(begin, NEAR), later(end, NEAR))
    far_off = [history.journeys.find(key) for key in history.stored.far_off]
    return [*near, *(journey for journey in far_off if journey is not None)]


Periods = dict[str, list[tuple[datetime, datetime]]]
"""The periods of new decisions, by commune."""


def _changed_zones(places: set[str], since: int, reference: ReferenceAsOf) -> Periods:
    periods: Periods = {}
    for place in places:
        for unit_code in _units_of(place, reference):
            decided = reference.zones_since(unit_code, since)
            if decided:
                periods[unit_code] = [_period(decision) for decision in decided]
    return periods


def _units_of(place: str, reference: ReferenceAsOf) -> set[str]:
    """Returns the communes in which a checkpoint has ever been; a commune itself as it is."""
    return reference.units_of_checkpoint(place) or {place}


def _period(decision: ZoneLevelDecided) -> tuple[datetime, datetime]:
    return decision.valid_from, _end(decision.valid_to)


def _begins_or_ends_in(by_unit: Periods, journey: Journey) -> bool:
    arrival_at = journey.arrival_at or journey.departure_at
    ends = ((journey.origin_code, journey.departure_at), (journey.destination_code, arrival_at))
    for unit_code, at in ends:
        if any(begin <= at <= end for begin, end in by_unit.get(unit_code, ())):
            return True
    return False


def _end(valid_to: datetime | None) -> datetime:
    return valid_to or LAST
