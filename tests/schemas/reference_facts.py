"""Facts of reference data that take effect and end on full hours of one morning."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from schemas.contract.events import (
    CheckpointDescribed,
    ExposureRulesAdopted,
    PolicyAdopted,
    ReferenceEvent,
    ZoneLevelDecided,
)
from schemas.contract.ids import EventId
from schemas.contract.terms import ZoneLevel
from schemas.domain.reference import Reference

COMMUNE, ELSEWHERE, DISTRICT, PROVINCE = "21439", "21190", "534", "51"
ABOVE = {
    COMMUNE: (DISTRICT, PROVINCE),
    ELSEWHERE: ("522", PROVINCE),
    DISTRICT: (PROVINCE,),
    PROVINCE: (),
}
BEGIN = datetime(2021, 9, 15, tzinfo=UTC)


def hour(number: int) -> datetime:
    return BEGIN + timedelta(hours=number)


def hour_or_none(number: int | None) -> datetime | None:
    return None if number is None else hour(number)


def zone(unit_code: str, level: ZoneLevel, begin: int, end: int | None = None) -> ZoneLevelDecided:
    return ZoneLevelDecided(
        event_id=EventId("zone"),
        unit_code=unit_code,
        level=level,
        valid_from=hour(begin),
        valid_to=hour_or_none(end),
        received_at=BEGIN,
        submitted_by="committee",
    )


def checkpoint(
    checkpoint_id: str, unit_code: str, begin: int, end: int | None
) -> CheckpointDescribed:
    return CheckpointDescribed(
        event_id=EventId("post"),
        checkpoint_id=checkpoint_id,
        name="Chốt",
        unit_code=unit_code,
        valid_from=hour(begin),
        valid_to=hour_or_none(end),
        received_at=BEGIN,
        submitted_by="police",
    )


def policy(valid_hours: int, begin: int, end: int | None) -> PolicyAdopted:
    return PolicyAdopted(
        event_id=EventId("policy"),
        policy_id=f"{valid_hours} hours",
        declaration_valid_hours=valid_hours,
        decisions={},
        valid_from=hour(begin),
        valid_to=hour_or_none(end),
        received_at=BEGIN,
        submitted_by="committee",
    )


def exposure_rules(
    rules_id: str, overlap: int, begin: int, end: int | None
) -> ExposureRulesAdopted:
    return ExposureRulesAdopted(
        event_id=EventId("rules"),
        rules_id=rules_id,
        source="QĐ",
        days_before_onset=2,
        overlap_minutes=overlap,
        distance_most_m=2,
        apart_minutes={},
        valid_from=hour(begin),
        valid_to=hour_or_none(end),
        received_at=BEGIN,
        submitted_by="committee",
    )


def reference_of(facts: Iterable[tuple[int, ReferenceEvent]]) -> Reference:
    """Returns the reference data that has these facts, each given with its version."""
    reference = Reference()
    for version, fact in facts:
        reference.add(version, fact)
    return reference
