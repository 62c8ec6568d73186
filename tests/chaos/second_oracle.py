"""The second oracle finds the flags that must be open from the sentences of the rules alone.

It shares no code with `streams/`, keeps no state and folds nothing: it looks at the whole world at
once.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from schemas.contract.events import (
    CheckpointDescribed,
    CheckpointScanned,
    CitizenRecorded,
    DeclarationSubmitted,
    DoorEvent,
    DoseAdministered,
    ZoneLevelDecided,
)
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.chaos.world import ChaosWorld

Flag = tuple[str, str, str, tuple[str, ...], tuple[str, ...]]
"""Rule, person, subject, reasons, causes."""
JUDGED = (
    "identity_mismatch",
    "unknown_document",
    "no_valid_declaration",
    "red_zone_crossing",
    "vaccination_mismatch",
    "health_declared",
)
"""The path's first rules; this oracle says nothing about the others."""
VALID = timedelta(hours=72)
CAUSES_OF_A_DOCUMENT = 8


class SecondOracle:
    """Judges names as this load has them: equal, the same without their marks, or different."""

    def __init__(self, world: ChaosWorld, person_key: str) -> None:
        self._pseudonyms, self._world = Pseudonyms(person_key), world
        self._register = dict(self._documents(world.citizens))
        self._zones = [
            fact
            for fact in world.reference
            if isinstance(fact, ZoneLevelDecided) and fact.level == "red"
        ]
        self._post_units = {
            fact.checkpoint_id: fact.unit_code
            for fact in world.reference
            if isinstance(fact, CheckpointDescribed)
        }

    def open_flags(self) -> set[Flag]:
        people = defaultdict[str, list[DoorEvent]](list)
        for event in self._world.events:
            people[self._person(event)].append(event)
        return {flag for person, events in people.items() for flag in self._of(person, events)}

    def _documents(
        self, citizens: Iterable[CitizenRecorded]
    ) -> Iterator[tuple[str, CitizenRecorded]]:
        """Yields each number of the register with the newest row of its holder."""
        for row in sorted(citizens, key=lambda row: row.recorded_at):
            yield self._pseudonyms.document(Document(DocumentKind.CCCD, row.person_number)), row
            for held in row.documents:
                yield self._pseudonyms.document(Document(DocumentKind(held.kind), held.number)), row

    def _person(self, event: DoorEvent) -> str:
        row = self._register.get(event.document_key)
        return (
            self._pseudonyms.person(row.person_number)
            if row
            else self._pseudonyms.person_of(event.document_key)
        )

    def _of(self, person: str, events: list[DoorEvent]) -> Iterator[Flag]:
        declarations = [event for event in events if isinstance(event, DeclarationSubmitted)]
        scans = [event for event in events if isinstance(event, CheckpointScanned)]
        doses = [event for event in events if isinstance(event, DoseAdministered)]
        found = [
            *self._mismatches([*declarations, *scans]),
            *self._unknown(events),
            *_undeclared(scans, declarations),
            *self._red_zone(declarations, scans),
            *self._vaccinations(doses),
            *_unwell(declarations),
        ]
        for rule, subject, reasons, causes in found:
            yield rule, person, subject, tuple(reasons), tuple(causes)

    def _mismatches(self, events: list[Any]) -> Iterator[tuple[str, str, list[str], list[str]]]:
        for event in events:
            if reasons := self._differing(event):
                yield "identity_mismatch", event.event_id, reasons, [event.event_id]

    def _differing(self, event: Any) -> list[str]:
        row = self._register.get(event.document_key)
        if row is None:
            return []
        likeness = {
            "name": _names(event.full_name, row.full_name),
            "birth_date": _birth_dates(event.birth_date, row.birth_date),
            "sex": "different"
            if event.sex and "unknown" not in (event.sex, row.sex) and event.sex != row.sex
            else "equal",
        }
        different = [f"{field}_different" for field, how in likeness.items() if how == "different"]
        return (
            [*different, *(f"{field}_near" for field, how in likeness.items() if how == "near")]
            if different
            else []
        )

    def _unknown(self, events: list[DoorEvent]) -> Iterator[tuple[str, str, list[str], list[str]]]:
        uses = defaultdict[str, list[DoorEvent]](list)
        for event in events:
            if event.document_key not in self._register:
                uses[event.document_key].append(event)
        for document, used in uses.items():
            first = sorted(used, key=lambda event: (_when(event), event.event_id))[
                :CAUSES_OF_A_DOCUMENT
            ]
            yield (
                "unknown_document",
                document,
                ["document_not_in_register"],
                [event.event_id for event in first],
            )

    def _red_zone(
        self, declarations: list[DeclarationSubmitted], scans: list[CheckpointScanned]
    ) -> Iterator[tuple[str, str, list[str], list[str]]]:
        for declaration in declarations:
            leaves = self._is_red(declaration.origin_code, declaration.departure_at)
            enters = self._is_red(
                declaration.destination_code, declaration.arrival_at or declaration.departure_at
            )
            if leaves or enters:
                inside = (
                    "moves_in_red_zone"
                    if declaration.origin_code == declaration.destination_code
                    else "moves_between_red_zones"
                )
                reason = (
                    inside
                    if leaves and enters
                    else "leaves_red_zone"
                    if leaves
                    else "enters_red_zone"
                )
                yield "red_zone_crossing", declaration.event_id, [reason], [declaration.event_id]
        ways = {"in": "enters_red_zone", "out": "leaves_red_zone", "through": "moves_in_red_zone"}
        for scan in scans:
            if self._is_red(self._post_units[scan.checkpoint_id], scan.scanned_at):
                yield "red_zone_crossing", scan.event_id, [ways[scan.direction]], [scan.event_id]

    def _is_red(self, unit: str, at: datetime) -> bool:
        return any(
            unit == zone.unit_code
            and zone.valid_from <= at
            and (zone.valid_to is None or at < zone.valid_to)
            for zone in self._zones
        )

    def _vaccinations(
        self, doses: list[DoseAdministered]
    ) -> Iterator[tuple[str, str, list[str], list[str]]]:
        for dose in doses:
            said = [reason for reason in self._differing(dose) if not reason.startswith("sex")]
            reasons = said if any(reason.endswith("different") for reason in said) else []
            early = sorted(
                other.event_id
                for other in doses
                if other.dose_number < dose.dose_number
                and other.administered_on >= dose.administered_on
            )
            if reasons or early:
                yield (
                    "vaccination_mismatch",
                    dose.event_id,
                    reasons + ["doses_out_of_order"] * bool(early),
                    [dose.event_id, *early],
                )


def _undeclared(
    scans: list[CheckpointScanned], declarations: list[DeclarationSubmitted]
) -> Iterator[tuple[str, str, list[str], list[str]]]:
    for scan in scans:
        before = [
            declaration
            for declaration in declarations
            if declaration.declared_at <= scan.scanned_at
        ]
        if not before:
            yield "no_valid_declaration", scan.event_id, ["not_declared"], [scan.event_id]
            continue
        newest = max(
            before, key=lambda declaration: (declaration.declared_at, declaration.event_id)
        )
        if scan.scanned_at - newest.declared_at > VALID:
            yield (
                "no_valid_declaration",
                scan.event_id,
                ["declaration_expired"],
                [scan.event_id, newest.event_id],
            )


def _unwell(
    declarations: list[DeclarationSubmitted],
) -> Iterator[tuple[str, str, list[str], list[str]]]:
    for declaration in declarations:
        reasons = ["symptoms_declared"] * bool(declaration.symptoms) + ["exposure_declared"] * bool(
            declaration.exposed
        )
        if reasons:
            yield "health_declared", declaration.event_id, reasons, [declaration.event_id]


def _when(event: DoorEvent) -> datetime:
    match event:
        case DeclarationSubmitted():
            return event.declared_at
        case CheckpointScanned():
            return event.scanned_at
        case DoseAdministered():
            return datetime.combine(
                event.administered_on, datetime.min.time(), event.received_at.tzinfo
            )
    return event.received_at


def _names(said: str | None, registered: str) -> str:
    if said is None or said.casefold() == registered.casefold():
        return "equal"
    left, right = _bare(said), _bare(registered)
    middle_left_out = len(left) + 1 == len(right) and any(
        left == right[:n] + right[n + 1 :] for n in range(1, len(left))
    )
    return "near" if left == right or middle_left_out else "different"


def _bare(name: str) -> list[str]:
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).split()


def _birth_dates(said: str | None, registered: str) -> str:
    if said is None or said == registered:
        return "equal"
    return "near" if registered.startswith(said) or said.startswith(registered) else "different"


def judged(flags: Iterable[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Returns the flags of the rules that this oracle judges."""
    return {flag for flag in flags if flag[0] in JUDGED}
