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
Finding = tuple[str, str, list[str], list[str]]
"""Rule, subject, reasons, causes."""
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
        flags = set[Flag]()
        for person, events in people.items():
            flags.update(self._of(person, events))
        return flags

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
        if row is None:
            return self._pseudonyms.person_of(event.document_key)
        return self._pseudonyms.person(row.person_number)

    def _of(self, person: str, events: list[DoorEvent]) -> Iterator[Flag]:
        declarations = [event for event in events if isinstance(event, DeclarationSubmitted)]
        scans = [event for event in events if isinstance(event, CheckpointScanned)]
        doses = [event for event in events if isinstance(event, DoseAdministered)]
        flags = [
            *self._mismatches([*declarations, *scans]),
            *self._unknown(events),
            *_undeclared(scans, declarations),
            *self._red_zone(declarations, scans),
            *self._vaccinations(doses),
            *_unwell(declarations),
        ]
        for rule, subject, reasons, causes in flags:
            yield rule, person, subject, tuple(reasons), tuple(causes)

    def _mismatches(self, events: list[Any]) -> Iterator[Finding]:
        for event in events:
            reasons = self._differing(event)
            if reasons:
                yield "identity_mismatch", event.event_id, reasons, [event.event_id]

    def _differing(self, event: Any) -> list[str]:
        row = self._register.get(event.document_key)
        if row is None:
            return []
        likeness = {
            "name": _names(event.full_name, row.full_name),
            "birth_date": _birth_dates(event.birth_date, row.birth_date),
            "sex": _sexes(event.sex, row.sex),
        }
        different = [f"{field}_different" for field, how in likeness.items() if how == "different"]
        if not different:
            return []
        near = [f"{field}_near" for field, how in likeness.items() if how == "near"]
        return different + near

    def _unknown(self, events: list[DoorEvent]) -> Iterator[Finding]:
        uses = defaultdict[str, list[DoorEvent]](list)
        for event in events:
            if event.document_key not in self._register:
                uses[event.document_key].append(event)
        for document, used in uses.items():
            in_order = sorted(used, key=lambda event: (_when(event), event.event_id))
            causes: list[str] = [event.event_id for event in in_order[:CAUSES_OF_A_DOCUMENT]]
            yield "unknown_document", document, ["document_not_in_register"], causes

    def _red_zone(
        self, declarations: list[DeclarationSubmitted], scans: list[CheckpointScanned]
    ) -> Iterator[Finding]:
        for declaration in declarations:
            leaves = self._is_red(declaration.origin_code, declaration.departure_at)
            enters = self._is_red(
                declaration.destination_code, declaration.arrival_at or declaration.departure_at
            )
            reason = ""
            if leaves and enters:
                stays = declaration.origin_code == declaration.destination_code
                reason = "moves_in_red_zone" if stays else "moves_between_red_zones"
            elif leaves:
                reason = "leaves_red_zone"
            elif enters:
                reason = "enters_red_zone"
            if reason:
                yield "red_zone_crossing", declaration.event_id, [reason], [declaration.event_id]
        reasons = {
            "in": "enters_red_zone",
            "out": "leaves_red_zone",
            "through": "moves_in_red_zone",
        }
        for scan in scans:
            if self._is_red(self._post_units[scan.checkpoint_id], scan.scanned_at):
                yield "red_zone_crossing", scan.event_id, [reasons[scan.direction]], [scan.event_id]

    def _is_red(self, unit: str, at: datetime) -> bool:
        return any(
            unit == zone.unit_code
            and zone.valid_from <= at
            and (zone.valid_to is None or at < zone.valid_to)
            for zone in self._zones
        )

    def _vaccinations(self, doses: list[DoseAdministered]) -> Iterator[Finding]:
        for dose in doses:
            reasons = [reason for reason in self._differing(dose) if not reason.startswith("sex")]
            if not any(reason.endswith("different") for reason in reasons):
                reasons = []
            early = sorted(
                other.event_id
                for other in doses
                if other.dose_number < dose.dose_number
                and other.administered_on >= dose.administered_on
            )
            if early:
                reasons.append("doses_out_of_order")
            if reasons:
                yield "vaccination_mismatch", dose.event_id, reasons, [dose.event_id, *early]


def _undeclared(
    scans: list[CheckpointScanned], declarations: list[DeclarationSubmitted]
) -> Iterator[Finding]:
    for scan in scans:
        before = [
            declaration
            for declaration in declarations
            if declaration.declared_at <= scan.scanned_at
        ]
        if not before:
            yield "no_valid_declaration", scan.event_id, ["not_declared"], [scan.event_id]
            continue
        newest = max(before, key=_order_of_declarations)
        if scan.scanned_at - newest.declared_at > VALID:
            causes: list[str] = [scan.event_id, newest.event_id]
            yield "no_valid_declaration", scan.event_id, ["declaration_expired"], causes


def _order_of_declarations(declaration: DeclarationSubmitted) -> tuple[datetime, str]:
    return declaration.declared_at, declaration.event_id


def _unwell(declarations: list[DeclarationSubmitted]) -> Iterator[Finding]:
    for declaration in declarations:
        reasons = []
        if declaration.symptoms:
            reasons.append("symptoms_declared")
        if declaration.exposed:
            reasons.append("exposure_declared")
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


def _names(claimed: str | None, registered: str) -> str:
    if claimed is None or claimed.casefold() == registered.casefold():
        return "equal"
    words, registered_words = _bare(claimed), _bare(registered)
    if words == registered_words:
        return "near"
    if len(words) + 1 == len(registered_words):
        for n in range(1, len(words)):
            without_a_middle_name = registered_words[:n] + registered_words[n + 1 :]
            if words == without_a_middle_name:
                return "near"
    return "different"


def _bare(name: str) -> list[str]:
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).split()


def _birth_dates(claimed: str | None, registered: str) -> str:
    if claimed is None or claimed == registered:
        return "equal"
    is_part = registered.startswith(claimed) or claimed.startswith(registered)
    return "near" if is_part else "different"


def _sexes(claimed: str | None, registered: str | None) -> str:
    if not claimed or "unknown" in (claimed, registered) or claimed == registered:
        return "equal"
    return "different"


def judged(flags: Iterable[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Returns the flags of the rules that this oracle judges."""
    return {flag for flag in flags if flag[0] in JUDGED}
