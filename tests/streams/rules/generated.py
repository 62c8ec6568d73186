"""Generated entries of one person, and reference data by which every rule finds something."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Literal, get_args

from msgspec.structs import replace

from schemas.contract.events import ReferenceEvent
from schemas.contract.terms import CodeFault, Direction, IdKind, Likeness, OrderKind
from schemas.domain.reference import Reference, ReferenceAsOf
from streams.rules.entries import (
    Cancellation,
    Case,
    Certificate,
    Dose,
    HealthTest,
    Journey,
    Judged,
    Match,
    Order,
    Reuse,
    Scan,
)
from tests.streams.people import (
    CITY,
    COAST,
    NOON,
    NORTH,
    SOUTH,
    checkpoint,
    permit,
    policy,
    zone,
)

Steps = list[tuple[Judged, bool]]
"""Entries in their order of arrival, and whether each one goes instead of coming."""

ENTRY_IDS = ["a", "b", "c", "d", "e"]
DOCUMENTS = ["known card", "stranger's card"]
MATCHES = [
    Match(True, "equal", "equal", "equal"),
    Match(True, "different", "near", "equal"),
    Match(False, "unknown", "unknown", "unknown"),
]
CHECKPOINTS = (checkpoint(), NORTH, SOUTH)
CERTIFICATES = [
    None,
    Certificate("valid", "near", "equal"),
    Certificate("expired", "different", "equal"),
]
VEHICLES = ["", "vehicle", "another"]
LIKENESSES: list[Likeness] = ["equal", "different"]
CODE_FAULTS: list[CodeFault | Literal[""]] = ["", "unreadable"]
CONTRADICTIONS: list[tuple[str, ...]] = [(), ("sex",)]
GOES = RARELY = 0.25
POLICY = policy(
    {},
    valid_from=NOON - timedelta(days=400),
    declaration_valid_hours=48,
    passages_allowed=["yellow>red"],
    way_back_declared=False,
    green_lane_exempt=True,
    test_required_levels=["red"],
    test_valid_hours=24,
    test_positive_days=2,
    case_days=2,
    dose_interval_least_days=3,
    dose_products_together=["A + B"],
)
LEVELS_HOLD = (NOON - timedelta(hours=40), NOON + timedelta(hours=40))
FACTS: tuple[ReferenceEvent, ...] = (
    *CHECKPOINTS,
    POLICY,
    zone(COAST, "red", *LEVELS_HOLD),
    zone(CITY, "yellow", *LEVELS_HOLD),
    permit(vehicle_key="vehicle", valid_from=NOON - timedelta(days=1)),
)


def known_reference() -> ReferenceAsOf:
    reference = Reference()
    for version, fact in enumerate(FACTS):
        reference.add(version, fact)
    return reference.as_of(len(FACTS) - 1)


REFERENCE = known_reference()


def any_steps(random: Random, length: int) -> Steps:
    """Makes entries of which most stay, so that there is much to find at once.

    An entry that comes again has the time that it had.
    """
    times: dict[str, datetime] = {}
    return [(any_entry(random, times), random.random() < GOES) for _ in range(length)]


def any_entry(random: Random, times: dict[str, datetime]) -> Judged:
    kind = random.choice(KINDS)
    entry = MAKERS[kind](random, random.choice(ENTRY_IDS))
    return replace(entry, occurred_at=times.setdefault(entry.entry_id, entry.occurred_at))


def _journey(random: Random, entry_id: str) -> Journey:
    origin, destination = random.choice([(CITY, COAST), (COAST, CITY)])
    return Journey(
        entry_id=f"journey {entry_id}",
        declaration_id=entry_id,
        origin_code=origin,
        destination_code=destination,
        departure_at=_hour(random),
        arrival_at=random.choice([None, _hour(random)]),
        transport_mode="car",
        symptoms=_rarely(random),
        exposed=_rarely(random),
        match_permanent=random.choice(LIKENESSES),
        match_lodging=random.choice(LIKENESSES),
        vehicle_key=random.choice(VEHICLES),
        replaces=random.choice(["", random.choice(ENTRY_IDS)]),
        **_claim(random),
    )


def _scan(random: Random, entry_id: str) -> Scan:
    return Scan(
        entry_id=f"scan {entry_id}",
        checkpoint_id=random.choice(CHECKPOINTS).checkpoint_id,
        direction=random.choice(get_args(Direction)),
        declaration_id=random.choice([None, random.choice(ENTRY_IDS)]),
        vehicle_key=random.choice(VEHICLES),
        green_lane=_rarely(random),
        certificate=random.choice(CERTIFICATES),
        code_key=random.choice(["", *DOCUMENTS]),
        code_fault=random.choice(CODE_FAULTS),
        **_claim(random),
    )


def _dose(random: Random, entry_id: str) -> Dose:
    return Dose(
        entry_id=f"dose {entry_id}",
        dose_number=random.randint(1, 3),
        administered_on=date(2021, 8, random.randint(1, 4)),
        product=random.choice("ABC"),
        facility=random.choice(["", "here", "there"]),
        before_birth=_rarely(random),
        after_death=_rarely(random),
        **_claim(random),
    )


def _health_test(random: Random, entry_id: str) -> HealthTest:
    return HealthTest(entry_id=f"test {entry_id}", positive=_rarely(random), **_claim(random))


def _cancellation(random: Random, entry_id: str) -> Cancellation:
    return Cancellation(
        entry_id=f"cancellation {entry_id}",
        declaration_id=random.choice(ENTRY_IDS),
        **_head(random),
    )


def _case(random: Random, entry_id: str) -> Case:
    return Case(
        entry_id=f"case {entry_id}",
        case_id=random.choice(["case", "another case"]),
        confirmed=not _rarely(random),
        ill_from=_hour(random),
        received_at=_hour(random),
        **_head(random),
    )


def _order(random: Random, entry_id: str) -> Order:
    return Order(
        entry_id=f"order {entry_id}",
        order_id=random.choice(["order", "another order"]),
        kind=random.choice(get_args(OrderKind)),
        in_force=not _rarely(random),
        begins_at=_hour(random),
        ends_at=random.choice([None, _hour(random)]),
        received_at=_hour(random),
        **_head(random),
    )


def _reuse(random: Random, entry_id: str) -> Reuse:
    return Reuse(
        entry_id=f"reuse {entry_id}",
        id_kind=random.choice(get_args(IdKind)),
        cause_id=f"{random.choice(['scan', 'journey'])} {random.choice(ENTRY_IDS)}",
        **_head(random),
    )


def _claim(random: Random) -> dict[str, Any]:
    return _head(random) | {
        "name_key": random.choice(["", "Hòa", "Mai"]),
        "contradictions": random.choice(CONTRADICTIONS),
    }


def _head(random: Random) -> dict[str, Any]:
    return {
        "document_key": random.choice(DOCUMENTS),
        "revision": 0,
        "reference_version": 0,
        "match": random.choice(MATCHES),
        "occurred_at": _hour(random),
    }


def _hour(random: Random) -> datetime:
    """Returns an hour of the days around noon, half of the time close to it."""
    away = random.choice([2, 80])
    return NOON + timedelta(hours=random.randint(-away, away))


def _rarely(random: Random) -> bool:
    return random.random() < RARELY


MAKERS: Mapping[type[Judged], Callable[[Random, str], Judged]] = {
    Journey: _journey,
    Scan: _scan,
    Dose: _dose,
    HealthTest: _health_test,
    Cancellation: _cancellation,
    Case: _case,
    Order: _order,
    Reuse: _reuse,
}
KINDS: Sequence[type[Judged]] = [
    *[Journey] * 3,
    *[Scan] * 4,
    *[Cancellation] * 2,
    Dose,
    HealthTest,
    Case,
    Order,
    Reuse,
]
"""Scans, journeys and cancellations come more often, as most rules look at them together."""
