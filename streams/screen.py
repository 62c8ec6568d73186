"""The stage `screen`: folds each person's journal, raises and clears flags, gives verdicts.

Guarantees: open flags are a function of a person's entries, as a set, and of the reference data
they were identified with. The order of arrival changes nothing. A scan gets one verdict, when it is
handled for the first time.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Protocol, TypeGuard

import msgspec

from schemas.contract.events import (
    FlagCleared,
    FlagRaised,
    JournalEntry,
    JudgedEntry,
    PresenceIdentified,
    ScanIdentified,
    VerdictReached,
)
from schemas.contract.ids import EventId, FlagId, PersonId, derive_id
from schemas.contract.terms import SourceName
from schemas.contract.topics import FLAGS, JOURNAL, VERDICTS, Topic
from schemas.domain.reference import NOTHING_KNOWN, Reference, ReferenceAsOf
from streams.decide import decide, valid_until
from streams.rules import TOUCHED_BY, Rule
from streams.rules.entries import Judged, entry_of
from streams.rules.history import Finding, History, finding_of
from streams.stage import Outgoing, Received
from streams.state import State

BELOW_EVERY_REVISION = -2


class OpenFlag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    finding: Finding
    raised_at: datetime


class Person(msgspec.Struct, array_like=True, kw_only=True):
    """All that screening keeps of one person."""

    history: History = msgspec.field(default_factory=History)
    left: dict[str, int] = {}
    """Entries that a link gave to another person, with the revision that did."""
    open_flags: dict[str, OpenFlag] = {}
    """Flags by rule and subject."""
    judged_by: int = NOTHING_KNOWN
    """Version of the reference data behind all flags, those open and those not."""


class ReferenceSource(Protocol):
    @property
    def current(self) -> Reference: ...

    def as_of(self, version: int) -> ReferenceAsOf:
        """Raises `Busy` while that version is not known."""


class Screen:
    name = "screen"
    inputs: tuple[Topic, ...] = (JOURNAL,)
    silent_replay = True

    def __init__(self, reference: ReferenceSource) -> None:
        self._reference = reference
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Person).decode

    def fold(self, records: Sequence[Received[JournalEntry]], work: State) -> list[Outgoing]:
        # Reported presences are for tracing: no rule looks at them.
        entries = [
            (record.event, record.version)
            for record in records
            if not isinstance(record.event, PresenceIdentified)
        ]
        work.prefetch(event.person_id.encode() for event, _ in entries)
        outgoing: list[Outgoing] = []
        people: dict[str, Person] = {}
        for event, version in entries:
            person = people.get(event.person_id) or self._load(work, event.person_id)
            people[event.person_id] = person
            outgoing += self._handle(person, event, version)
        for person_id, person in people.items():
            work.put(person_id.encode(), self._encode(person))
        return outgoing

    def _load(self, work: State, person_id: str) -> Person:
        stored = work.get(person_id.encode())
        return Person() if stored is None else self._decode(stored)

    def _handle(self, person: Person, event: JudgedEntry, version: int) -> list[Outgoing]:
        changed = admit(person, event)
        if not changed:
            return []
        reference = self._reference.as_of(person.history.reference_version)
        changes = flag_changes(person, changed, reference, event, version)
        outgoing = [Outgoing(FLAGS, event.person_id, change) for change in changes]
        if gets_verdict(event):
            outgoing.append(Outgoing(VERDICTS, event.person_id, verdict(person, event, reference)))
        return outgoing


def gets_verdict(event: JudgedEntry) -> TypeGuard[ScanIdentified]:
    """Returns whether this is a scan, handled for the first time.

    A later change of the document's owner makes no difference.
    """
    return isinstance(event, ScanIdentified) and event.fresh and not event.withdrawn


def admit(person: Person, event: JudgedEntry) -> list[Judged]:
    """Takes an entry into the history, or out of it.

    Returns what the entry was and what it is; nothing if something as new is already known.
    """
    entry = entry_of(event)
    entry_id = event.entry_id
    stored = person.history.of_kind(type(entry))
    before: Judged | None = stored.get(entry_id)
    if before is None:
        known_revision = person.left.get(entry_id, BELOW_EVERY_REVISION)
    else:
        known_revision = before.revision
    if event.revision <= known_revision:
        return []
    if event.withdrawn:
        stored.pop(entry_id, None)
        person.left[entry_id] = event.revision
    else:
        person.left.pop(entry_id, None)
        person.history.keep(entry)
    return [entry] if before is None else [before, entry]


def flag_changes(
    person: Person,
    changed: Sequence[Judged],
    reference: ReferenceAsOf,
    cause: JudgedEntry,
    version: int,
) -> list[FlagRaised | FlagCleared]:
    """Brings `person.open_flags` to what they should be, and returns the difference.

    Only what the changed entries touch is judged, or everything under newer reference data.
    """
    history = person.history
    open_flags = person.open_flags
    entries = changed
    if reference.version != person.judged_by:
        entries = list(dict.fromkeys((*history.entries(), *changed)))
        person.judged_by = reference.version
    changes: list[FlagRaised | FlagCleared] = []
    for rule, subject in _touched(entries, history):
        judgement = rule.judge(subject, history, reference)
        if judgement is None and not open_flags:  # nearly always
            continue
        key = f"{rule.name} {subject}"
        before = open_flags.get(key)
        if judgement is None:
            if before is not None:
                changes.append(_cleared(open_flags.pop(key), cause, version))
            continue
        finding = finding_of(rule, subject, judgement)
        if before is not None and before.finding == finding:
            continue
        raised_at = cause.received_at if before is None else before.raised_at
        open_flags[key] = flag = OpenFlag(finding, raised_at)
        changes.append(_raised(flag, cause, version, reference.version))
    return changes


def _touched(entries: Sequence[Judged], history: History) -> Iterable[tuple[Rule, str]]:
    """Returns each rule with each subject once; one entry touches none twice.

    The comprehension stays for its speed: the function runs for every entry.
    """
    touched = [
        (rule, subject)
        for entry in entries
        for rule, touch in TOUCHED_BY[type(entry)]
        for subject in touch(entry, history)
    ]
    return touched if len(entries) == 1 else dict.fromkeys(touched)


def flag_id_of(person_id: PersonId, finding: Finding) -> FlagId:
    return _flag_id(finding.rule, person_id, finding.subject)


@lru_cache(maxsize=20_000)
def _flag_id(rule: str, person_id: PersonId, subject: str) -> FlagId:
    """Remembers ids: a scan's flag and its verdict ask for the same one within a moment."""
    return FlagId(derive_id("flag", rule, person_id, subject))


def _raised(flag: OpenFlag, cause: JudgedEntry, version: int, reference_version: int) -> FlagRaised:
    finding = flag.finding
    return FlagRaised(
        flag_id=flag_id_of(cause.person_id, finding),
        person_id=cause.person_id,
        rule=finding.rule,
        subject=finding.subject,
        reasons=list(finding.reasons),
        causes=list(finding.causes),
        occurred_at=finding.occurred_at,
        reference_version=reference_version,
        version=version,
        raised_at=flag.raised_at,
    )


def _cleared(flag: OpenFlag, cause: JudgedEntry, version: int) -> FlagCleared:
    finding = flag.finding
    return FlagCleared(
        flag_id=flag_id_of(cause.person_id, finding),
        person_id=cause.person_id,
        rule=finding.rule,
        subject=finding.subject,
        reasons=list(finding.reasons),
        causes=list(finding.causes),
        occurred_at=finding.occurred_at,
        raised_at=flag.raised_at,
        version=version,
        cause_id=EventId(cause.entry_id),
        cleared_at=cause.received_at,
    )


def verdict(person: Person, event: ScanIdentified, reference: ReferenceAsOf) -> VerdictReached:
    policy = reference.policy(event.occurred_at)
    scan = person.history.scans[event.entry_id]
    findings = [flag.finding for flag in person.open_flags.values()]
    decided = decide(scan, person.history, findings, policy)
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
        certificate_grade=event.certificate_grade,
        certificate_kind=event.certificate_kind,
        valid_until=valid_until(scan, person.history, policy),
        register_as_of=_as_of("register", event, reference),
        zones_as_of=_as_of("zones", event, reference),
        orders_as_of=_as_of("orders", event, reference),
    )


def _as_of(source: SourceName, event: ScanIdentified, reference: ReferenceAsOf) -> datetime | None:
    """Returns the state that a source had at the scan; None where it was not fresh."""
    refreshed = reference.refreshed(source, event.occurred_at)
    return refreshed.valid_from if refreshed else None
