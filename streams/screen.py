"""The stage `screen`: folds each person's journal, raises and clears flags, and gives every scan its verdict.

Guarantees: open flags are a function of the set of a person's entries and of the reference data they were identified with, whatever the
order of arrival; a scan gets one verdict, when it is first met.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Protocol

import msgspec

from schemas.events import FlagCleared, FlagRaised, JournalEntry, ScanIdentified, VerdictReached
from schemas.ids import EventId, FlagId, PersonId, derive_id
from schemas.reference import Reference, ReferenceAsOf
from schemas.topics import FLAGS, JOURNAL, VERDICTS, Topic
from streams.decide import decide
from streams.rules import findings
from streams.rules.history import Dose, Finding, History, Journey, Scan, entry_of
from streams.stage import Received, Sent
from streams.state import State


class OpenFlag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    finding: Finding
    raised_at: datetime


class Person(msgspec.Struct, array_like=True, kw_only=True):
    """All that screening keeps of one person."""

    history: History = msgspec.field(default_factory=History)
    left: dict[str, int] = {}
    """Entries a link moved away, with the revision that did."""
    open_flags: dict[str, OpenFlag] = {}


class KnowsReference(Protocol):
    @property
    def current(self) -> Reference: ...

    def as_of(self, version: int) -> ReferenceAsOf:
        """Raises `Busy` while that version is not known."""


class Screen:
    name = "screen"
    inputs: tuple[Topic, ...] = (JOURNAL,)
    silent_replay = True

    def __init__(self, reference: KnowsReference) -> None:
        self._reference = reference
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack = msgspec.msgpack.Decoder(Person).decode

    def fold(self, records: Sequence[Received[JournalEntry]], work: State) -> list[Sent]:
        entries = [(record.event, record.offset) for record in records]
        work.prefetch(event.person_id.encode() for event, _ in entries)
        sent: list[Sent] = []
        touched: dict[str, Person] = {}
        for event, offset in entries:
            person = touched.get(event.person_id) or self._load(work, event.person_id)
            touched[event.person_id] = person
            sent += self._meet(person, event, offset)
        for person_id, person in touched.items():
            work.put(person_id.encode(), self._pack(person))
        return sent

    def _load(self, work: State, person_id: str) -> Person:
        stored = work.get(person_id.encode())
        return Person() if stored is None else self._unpack(stored)

    def _meet(self, person: Person, event: JournalEntry, offset: int) -> list[Sent]:
        if not admit(person, event):
            return []
        reference = self._reference.as_of(person.history.reference_version)
        found = findings(person.history, reference)
        sent = [Sent(FLAGS, event.person_id, change) for change in flag_changes(person, found, event, offset, reference.version)]
        if isinstance(event, ScanIdentified) and event.fresh and not event.withdrawn:
            sent.append(Sent(VERDICTS, event.person_id, verdict(person, event, found, reference)))
        return sent


def admit(person: Person, event: JournalEntry) -> bool:
    """Takes an entry into the history, or out of it; False if something as new is already known."""
    entry = entry_of(event)
    known = _entries_like(person.history, entry)
    present = known.get(event.entry_id)
    newest = max(person.left.get(event.entry_id, -2), present.revision if present is not None else -2)
    if event.revision <= newest:
        return False
    if event.withdrawn:
        known.pop(event.entry_id, None)
        person.left[event.entry_id] = event.revision
    else:
        person.left.pop(event.entry_id, None)
        known[event.entry_id] = entry
    return True


def _entries_like(history: History, entry: Journey | Scan | Dose) -> dict[str, Any]:
    match entry:
        case Journey():
            return history.journeys
        case Scan():
            return history.scans
        case Dose():
            return history.doses


def flag_changes(
    person: Person, found: list[Finding], cause: JournalEntry, offset: int, reference_version: int
) -> list[FlagRaised | FlagCleared]:
    """The difference between the flags that should be open and those that are; brings `person.open_flags` up to it."""
    wanted = {flag_id_of(cause.person_id, finding): finding for finding in found}
    gone = [flag_id for flag_id in person.open_flags if flag_id not in wanted]
    changes: list[FlagRaised | FlagCleared] = [_cleared(flag_id, person.open_flags.pop(flag_id), cause, offset) for flag_id in gone]
    for flag_id, finding in wanted.items():
        already = person.open_flags.get(flag_id)
        if already is None or already.finding != finding:
            flag = OpenFlag(finding, cause.received_at if already is None else already.raised_at)
            person.open_flags[flag_id] = flag
            changes.append(_raised(FlagId(flag_id), flag, cause, offset, reference_version))
    return changes


def flag_id_of(person_id: PersonId, finding: Finding) -> FlagId:
    return FlagId(derive_id("flag", finding.rule, person_id, finding.subject))


def _raised(flag_id: FlagId, flag: OpenFlag, cause: JournalEntry, offset: int, reference_version: int) -> FlagRaised:
    return FlagRaised(
        flag_id=flag_id,
        person_id=cause.person_id,
        rule=flag.finding.rule,
        subject=flag.finding.subject,
        reasons=list(flag.finding.reasons),
        causes=list(flag.finding.causes),
        occurred_at=flag.finding.occurred_at,
        reference_version=reference_version,
        version=offset,
        raised_at=flag.raised_at,
    )


def _cleared(flag_id: str, flag: OpenFlag, cause: JournalEntry, offset: int) -> FlagCleared:
    return FlagCleared(
        flag_id=FlagId(flag_id),
        person_id=cause.person_id,
        rule=flag.finding.rule,
        subject=flag.finding.subject,
        reasons=list(flag.finding.reasons),
        causes=list(flag.finding.causes),
        occurred_at=flag.finding.occurred_at,
        raised_at=flag.raised_at,
        version=offset,
        cause_id=EventId(cause.entry_id),
        cleared_at=cause.received_at,
    )


def verdict(person: Person, event: ScanIdentified, found: list[Finding], reference: ReferenceAsOf) -> VerdictReached:
    policy = reference.policy(event.occurred_at)
    decided = decide(person.history.scans[event.entry_id], person.history, found, policy)
    return VerdictReached(
        scan_id=event.entry_id,
        person_id=event.person_id,
        checkpoint_id=event.checkpoint_id,
        decision=decided.decision,
        reasons=decided.reasons,
        flag_ids=[flag_id_of(event.person_id, finding) for finding in decided.findings],
        policy_id=policy.policy_id,
        reference_version=reference.version,
        registered=event.known,
        scanned_at=event.occurred_at,
        received_at=event.received_at,
        decided_at=datetime.now(UTC),
    )
