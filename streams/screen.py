"""The stage `screen`: folds each person's journal, raises and clears flags, gives verdicts.

It reads `journal`, and writes to `flags` and `verdicts`.

Guarantees: open flags are a function of a person's entries, as a set, and of the reference data
they were identified with. The order of arrival changes nothing. A scan gets one verdict, when it is
handled for the first time.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Protocol, TypeGuard

from schemas.contract.events import (
    FlagCleared,
    FlagRaised,
    JournalEntry,
    JudgedEntry,
    PresenceIdentified,
    ScanIdentified,
    VerdictReached,
)
from schemas.contract.terms import SourceName
from schemas.contract.topics import FLAGS, JOURNAL, VERDICTS, Topic
from schemas.domain.reference import Reference, ReferenceAsOf
from streams.decide import NOTHING_FOUND, Decided, decide, valid_until
from streams.flags import Flags, OpenFlags, cleared, flag_id_of, raised
from streams.person import load_person, store_person
from streams.rules import TOUCHED_BY, Rule
from streams.rules.concerned import concerned_entries
from streams.rules.entries import Judged, Scan
from streams.rules.entry_of import entry_of
from streams.rules.history import History
from streams.rules.rule import OpenFlag, finding_of
from streams.stage import Outgoing, Received
from streams.state import State


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

    def fold(self, records: Sequence[Received[JournalEntry]], work: State) -> list[Outgoing]:
        # Reported presences are for tracing: no rule looks at them.
        entries = [
            (record.event, record.version)
            for record in records
            if not isinstance(record.event, PresenceIdentified)
        ]
        work.prefetch(event.person_id.encode() for event, _ in entries)
        outgoing: list[Outgoing] = []
        people: dict[str, History] = {}
        for event, version in entries:
            person = people.get(event.person_id)
            if person is None:
                person = people[event.person_id] = load_person(work, event.person_id)
            outgoing += self._handle(person, event, version)
        for person_id, person in people.items():
            store_person(work, person_id, person)
        return outgoing

    def _handle(self, person: History, event: JudgedEntry, version: int) -> list[Outgoing]:
        changed = admit(person, event)
        if not changed and is_judged(person):
            return []
        reference = self._reference.as_of(person.stored.reference_version)
        touched = touched_subjects(person, changed, reference)
        flags = OpenFlags(person)
        changes = flag_changes(person, flags, touched, reference, event, version)
        outgoing = [Outgoing(FLAGS, event.person_id, change) for change in changes]
        if changed and gets_verdict(event):
            decided = decision_on(person, flags, event, reference)
            given = verdict(person, decided, event, reference)
            outgoing.append(Outgoing(VERDICTS, event.person_id, given))
        return outgoing


def gets_verdict(event: JudgedEntry) -> TypeGuard[ScanIdentified]:
    """Returns whether the entry is a scan that is handled for the first time.

    A scan that comes again because its document has another owner keeps its first verdict. A
    withdrawal is never fresh.
    """
    return isinstance(event, ScanIdentified) and event.fresh and not event.withdrawn


def admit(person: History, event: JudgedEntry) -> list[Judged]:
    """Puts the event's entry into the person's history, or takes it out if it is withdrawn.

    The event's revision is compared with the last one known of the same entry. An event that is no
    newer changes nothing, and the list is empty. Otherwise the list has the entry that the history
    held, if any, and the one of this event. What either of them touches is to be judged again.
    """
    stored = person.stored
    stored.reference_version = max(stored.reference_version, event.reference_version)
    entry = entry_of(event)
    held = person.held(entry)
    known_revision = (
        withdrawn_at_revision(person, event.entry_id) if held is None else held.revision
    )
    if known_revision is not None and event.revision <= known_revision:
        return []
    if held is not None:
        person.drop(held)
    if event.withdrawn:
        person.cards.edit(event.entry_id).withdrawn = event.revision
    else:
        if withdrawn_at_revision(person, event.entry_id) is not None:
            person.cards.edit(event.entry_id).withdrawn = None
        person.keep(entry)
    return [entry] if held is None else [held, entry]


def is_judged(person: History) -> bool:
    """Returns whether no newer reference data than all was judged by has come with an entry."""
    return person.stored.judged_version == person.stored.reference_version


def withdrawn_at_revision(person: History, entry_id: str) -> int | None:
    card = person.cards.get(entry_id) if person.has_cards else None
    return None if card is None else card.withdrawn


def touched_subjects(
    person: History, changed: Sequence[Judged], reference: ReferenceAsOf
) -> Collection[tuple[Rule, str]]:
    """Returns the rules to ask, each with a subject to ask it about.

    What several entries touch comes once. To judge a subject twice would change nothing.
    Under newer reference data the subjects are added that its changes concern.
    """
    touched: list[tuple[Rule, str]] = []
    for entry in changed:
        for touch, rules in TOUCHED_BY[type(entry)]:
            subjects = touch(entry, person, reference)
            touched += [(rule, subject) for subject in subjects for rule in rules]
    judged_version = person.stored.judged_version
    person.stored.judged_version = reference.version
    if judged_version is not None and judged_version < reference.version:
        touched += _concerned_subjects(person, judged_version, reference)
        return dict.fromkeys(touched)
    return touched if len(changed) == 1 else dict.fromkeys(touched)


def _concerned_subjects(
    person: History, since: int, reference: ReferenceAsOf
) -> Iterator[tuple[Rule, str]]:
    for kind, entry in concerned_entries(person, since, reference):
        for touch, rules in TOUCHED_BY[type(entry)]:
            reading = [rule for rule in rules if kind in rule.reads]
            if reading:
                for subject in touch(entry, person, reference):
                    for rule in reading:
                        yield rule, subject


def flag_changes(
    person: History,
    flags: Flags,
    touched: Iterable[tuple[Rule, str]],
    reference: ReferenceAsOf,
    cause: JudgedEntry,
    version: int,
) -> list[FlagRaised | FlagCleared]:
    """Judges the subjects that are touched, and updates `flags`.

    What a rule finds about a subject is compared with the open flag of that rule and subject.
    The list has an event for each flag that is raised, is raised again with another finding, or is
    cleared because nothing is found any more.
    """
    changes: list[FlagRaised | FlagCleared] = []
    has_flags = bool(flags)
    for rule, subject in touched:
        judgement = rule.judge(subject, person, reference)
        if judgement is None and not has_flags:  # nearly always
            continue
        open_flag = flags.about(subject).get(rule.name)
        if judgement is None:
            if open_flag is not None:
                flags.clear(open_flag)
                changes.append(cleared(open_flag, cause, version))
            continue
        finding = finding_of(rule, subject, judgement)
        if open_flag is not None and open_flag.finding == finding:
            continue
        raised_at = cause.received_at if open_flag is None else open_flag.raised_at
        flag = OpenFlag(finding, raised_at)
        flags.put(flag)
        has_flags = True
        changes.append(raised(flag, cause, version, reference.version))
    return changes


def decision_on(
    person: History, flags: Flags, event: ScanIdentified, reference: ReferenceAsOf
) -> Decided:
    """Decides about a scan, by the flags that are open after it was admitted."""
    if not flags:  # nearly always
        return NOTHING_FOUND
    return decide(_scan(event), person, flags.about, reference.policy(event.occurred_at))


def _scan(event: ScanIdentified) -> Scan:
    scan = entry_of(event)
    assert isinstance(scan, Scan)
    return scan


def verdict(
    person: History, decided: Decided, event: ScanIdentified, reference: ReferenceAsOf
) -> VerdictReached:
    """Returns the verdict on a scan with what was decided about it."""
    policy = reference.policy(event.occurred_at)
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
        valid_until=valid_until(event.occurred_at, person, policy),
        register_as_of=_as_of("register", event, reference),
        zones_as_of=_as_of("zones", event, reference),
        orders_as_of=_as_of("orders", event, reference),
        document_key=event.document_key,
    )


def _as_of(source: SourceName, event: ScanIdentified, reference: ReferenceAsOf) -> datetime | None:
    """Returns the state that a source had at the scan; None where it was not fresh."""
    refreshed = reference.refreshed(source, event.occurred_at)
    return refreshed.valid_from if refreshed else None
