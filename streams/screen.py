"""The stage `screen`: folds each person's journal, raises and clears flags, and gives every scan its verdict.

Guarantees: open flags are a function of the set of a person's entries and of the reference data they were identified with, whatever the
order of arrival; a scan gets one verdict, when it is first met.
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
from streams.stage import Received, Sent
from streams.state import State

NEVER_SEEN = -2
"""Below every revision."""


class OpenFlag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    finding: Finding
    raised_at: datetime


class Person(msgspec.Struct, array_like=True, kw_only=True):
    """All that screening keeps of one person."""

    history: History = msgspec.field(default_factory=History)
    left: dict[str, int] = {}
    """Entries a link moved away, with the revision that did."""
    open_flags: dict[str, OpenFlag] = {}
    """By rule and subject."""
    judged_by: int = NOTHING_KNOWN
    """Version of the reference data behind every flag that is open, and behind every one that is not."""


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
        self._pack = msgspec.msgpack.Encoder().encode
        self._unpack = msgspec.msgpack.Decoder(Person).decode

    def fold(self, records: Sequence[Received[JournalEntry]], work: State) -> list[Sent]:
        # Reported presences are for tracing: no rule looks at them.
        entries = [
            (record.event, record.offset)
            for record in records
            if not isinstance(record.event, PresenceIdentified)
        ]
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

    def _meet(self, person: Person, event: JudgedEntry, offset: int) -> list[Sent]:
        changed = admit(person, event)
        if not changed:
            return []
        reference = self._reference.as_of(person.history.reference_version)
        changes = flag_changes(person, changed, reference, event, offset)
        sent = [Sent(FLAGS, event.person_id, change) for change in changes]
        if gets_verdict(event):
            sent.append(Sent(VERDICTS, event.person_id, verdict(person, event, reference)))
        return sent


def gets_verdict(event: JudgedEntry) -> TypeGuard[ScanIdentified]:
    """A scan does when it is met for the first time, whoever its document turns out to belong to later."""
    return isinstance(event, ScanIdentified) and event.fresh and not event.withdrawn


def admit(person: Person, event: JudgedEntry) -> list[Judged]:
    """Takes an entry into the history, or out of it. Gives what it was and what it is; nothing if something as new is already known."""
    entry, entry_id = entry_of(event), event.entry_id
    kept = person.history.of_kind(type(entry))
    before: Judged | None = kept.get(entry_id)
    if event.revision <= (
        person.left.get(entry_id, NEVER_SEEN) if before is None else before.revision
    ):
        return []
    if event.withdrawn:
        kept.pop(entry_id, None)
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
    offset: int,
) -> list[FlagRaised | FlagCleared]:
    """The difference between the flags that should be open and those that are; brings `person.open_flags` up to it."""
    history, open_flags = person.history, person.open_flags
    entries = changed
    if reference.version != person.judged_by:
        entries = list(dict.fromkeys((*history.entries(), *changed)))
        person.judged_by = reference.version
    changes: list[FlagRaised | FlagCleared] = []
    for rule, subject in _touched(entries, history):
        found = rule.judge(subject, history, reference)
        if found is None and not open_flags:
            continue
        finding = None if found is None else finding_of(rule, subject, found)
        key = f"{rule.name} {subject}"
        already = open_flags.get(key)
        if finding is None and already is not None:
            changes.append(_cleared(open_flags.pop(key), cause, offset))
        elif finding is not None and (already is None or already.finding != finding):
            open_flags[key] = flag = OpenFlag(
                finding, cause.received_at if already is None else already.raised_at
            )
            changes.append(_raised(flag, cause, offset, reference.version))
    return changes


def _touched(entries: Sequence[Judged], history: History) -> Iterable[tuple[Rule, str]]:
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
    """Of a scan it is asked for twice within a moment: by its flag and by its verdict."""
    return FlagId(derive_id("flag", rule, person_id, subject))


def _raised(flag: OpenFlag, cause: JudgedEntry, offset: int, reference_version: int) -> FlagRaised:
    return FlagRaised(
        flag_id=flag_id_of(cause.person_id, flag.finding),
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


def _cleared(flag: OpenFlag, cause: JudgedEntry, offset: int) -> FlagCleared:
    return FlagCleared(
        flag_id=flag_id_of(cause.person_id, flag.finding),
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


def verdict(person: Person, event: ScanIdentified, reference: ReferenceAsOf) -> VerdictReached:
    policy, scan = reference.policy(event.occurred_at), person.history.scans[event.entry_id]
    found = [flag.finding for flag in person.open_flags.values()]
    decided = decide(scan, person.history, found, policy)
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
    refreshed = reference.refreshed(source, event.occurred_at)
    return refreshed.valid_from if refreshed else None
