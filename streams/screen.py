"""The stage `screen`: folds each person's journal, raises and clears flags, gives verdicts.

It reads `journal`, and writes to `flags` and `verdicts`.

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
from streams.rules.entries import Judged
from streams.rules.entry_of import entry_of
from streams.rules.history import Finding, History, finding_of
from streams.stage import Outgoing, Received
from streams.state import State

BELOW_EVERY_REVISION = -2
"""Entries whose document has no link have the revision -1, which is above this."""


class OpenFlag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    finding: Finding
    raised_at: datetime


class Person(msgspec.Struct, array_like=True, kw_only=True):
    """All that screening keeps of one person."""

    history: History = msgspec.field(default_factory=History)
    withdrawn: dict[str, int] = {}
    """Entries that a link took from the person, each with the revision of its withdrawal."""
    open_flags: dict[str, OpenFlag] = {}
    """Flags by rule and subject."""
    judged_version: int = NOTHING_KNOWN
    """Version of the reference data by which all subjects were last judged."""


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
    """Returns whether the entry is a scan that is handled for the first time.

    A scan that comes again because its document has another owner keeps its first verdict. A
    withdrawal is never fresh.
    """
    return isinstance(event, ScanIdentified) and event.fresh and not event.withdrawn


def admit(person: Person, event: JudgedEntry) -> list[Judged]:
    """Puts the event's entry into the person's history, or takes it out if it is withdrawn.

    The event's revision is compared with the last one known of the same entry. An event that is no
    newer changes nothing, and the list is empty. Otherwise the list has the entry that the history
    held, if any, and the one of this event. What either of them touches is to be judged again.
    """
    entry = entry_of(event)
    entry_id = event.entry_id
    held_entries = person.history.of_kind(type(entry))
    held: Judged | None = held_entries.get(entry_id)
    if held is None:
        known_revision = person.withdrawn.get(entry_id, BELOW_EVERY_REVISION)
    else:
        known_revision = held.revision
    if event.revision <= known_revision:
        return []
    if event.withdrawn:
        held_entries.pop(entry_id, None)
        person.withdrawn[entry_id] = event.revision
    else:
        person.withdrawn.pop(entry_id, None)
        person.history.keep(entry)
    return [entry] if held is None else [held, entry]


def flag_changes(
    person: Person,
    changed: Sequence[Judged],
    reference: ReferenceAsOf,
    cause: JudgedEntry,
    version: int,
) -> list[FlagRaised | FlagCleared]:
    """Judges the subjects that `changed` touches, and updates `person.open_flags`.

    What a rule finds about a subject is compared with the open flag of that rule and subject.
    The list has an event for each flag that is raised, is raised again with another finding, or is
    cleared because nothing is found any more.
    Under another version of the reference data the subjects of all entries are judged.
    """
    history = person.history
    open_flags = person.open_flags
    entries = changed
    if reference.version != person.judged_version:
        entries = list(dict.fromkeys((*history.entries(), *changed)))
        person.judged_version = reference.version
    changes: list[FlagRaised | FlagCleared] = []
    for rule, subject in _touched_subjects(entries, history):
        judgement = rule.judge(subject, history, reference)
        if judgement is None and not open_flags:  # nearly always
            continue
        flag_key = f"{rule.name} {subject}"
        open_flag = open_flags.get(flag_key)
        if judgement is None:
            if open_flag is not None:
                del open_flags[flag_key]
                changes.append(_cleared(open_flag, cause, version))
            continue
        finding = finding_of(rule, subject, judgement)
        if open_flag is not None and open_flag.finding == finding:
            continue
        raised_at = cause.received_at if open_flag is None else open_flag.raised_at
        flag = OpenFlag(finding, raised_at)
        open_flags[flag_key] = flag
        changes.append(_raised(flag, cause, version, reference.version))
    return changes


def _touched_subjects(entries: Sequence[Judged], history: History) -> Iterable[tuple[Rule, str]]:
    """Returns the rules to ask, each with a subject to ask it about.

    What several entries touch comes once. To judge a subject twice would change nothing.
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
    """Caches ids: a flag raised by a scan, and the scan's verdict, need the same one at once."""
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
    """Returns the verdict on a scan, by the flags that are open after it was admitted."""
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
        document_key=event.document_key,
    )


def _as_of(source: SourceName, event: ScanIdentified, reference: ReferenceAsOf) -> datetime | None:
    """Returns the state that a source had at the scan; None where it was not fresh."""
    refreshed = reference.refreshed(source, event.occurred_at)
    return refreshed.valid_from if refreshed else None
