"""Folds the journal in two worlds side by side.

In the original world the policies are as they were. In the candidate world another policy is in
force in a period. Guarantees: both worlds are judged by the functions of the stage `screen`, in the
order in which it handled the entries. They differ in what `policy(at)` says within the period, and
in nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from schemas.contract.events import JudgedEntry, PolicyAdopted, ScanIdentified, VerdictReached
from schemas.contract.topics import JOURNAL, VERDICTS, Topic
from schemas.domain.reference import ReferenceAsOf
from streams.flags import Flags
from streams.person import encode
from streams.replay.candidate import PersonInBothWorlds
from streams.rules.history import History
from streams.rules.rule import Finding
from streams.screen import (
    ReferenceSource,
    admit,
    decision_on,
    flag_changes,
    gets_verdict,
    is_judged,
    touched_subjects,
    verdict,
)
from streams.stage import Outgoing, Received
from streams.state import Readable, State

SCAN_PREFIX = b"scan\x00"
NEVER_REPRODUCED = ("decided_at",)
"""Fields of a verdict that say when it was made: no replay can give them again."""
LATER_FIELDS = ("document_key",)
"""Fields that verdicts of earlier releases do not have: there is nothing to hold them against."""
VERDICT_FIELDS = [name for name in VerdictReached.__struct_fields__ if name not in NEVER_REPRODUCED]


@dataclass(frozen=True, slots=True)
class ReplayScope:
    """The period that is replayed, and the candidate policy; None for the policies as they were."""

    begin: datetime
    end: datetime
    policy: PolicyAdopted | None

    def covers(self, at: datetime) -> bool:
        return self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class OriginalPolicies(ReferenceAsOf):
    """Gives the policies as they were, and notes each query for one of the period.

    Without such a query the candidate policy cannot change what was judged.
    """

    scope: ReplayScope
    queries: list[datetime] = field(default_factory=list)

    def policy(self, at: datetime) -> PolicyAdopted:
        if self.scope.covers(at):
            self.queries.append(at)
        return ReferenceAsOf.policy(self, at)


@dataclass(frozen=True, slots=True)
class CandidatePolicies(ReferenceAsOf):
    """Gives the candidate policy within the period, and the policies as they were outside it."""

    scope: ReplayScope

    def longest_validity(self) -> timedelta:
        longest = ReferenceAsOf.longest_validity(self)
        candidate = self.scope.policy
        if candidate is None:
            return longest
        return max(longest, timedelta(hours=candidate.declaration_valid_hours))

    def longest_case_days(self) -> timedelta:
        longest = ReferenceAsOf.longest_case_days(self)
        candidate = self.scope.policy
        return longest if candidate is None else max(longest, timedelta(days=candidate.case_days))

    def policy(self, at: datetime) -> PolicyAdopted:
        candidate = self.scope.policy
        if candidate is not None and self.scope.covers(at):
            return candidate
        return ReferenceAsOf.policy(self, at)


class ReachedVerdict(msgspec.Struct, array_like=True, frozen=True):
    """A verdict, and what was found about its scan as `rule/reason`."""

    verdict: VerdictReached
    grounds: tuple[str, ...]


class ReplayedScan(msgspec.Struct, array_like=True, kw_only=True):
    """One scan of the period: its verdicts in both worlds, and the one recorded."""

    original: ReachedVerdict | None = None
    """None where a verdict was recorded and the journal does not have the scan."""
    candidate: ReachedVerdict | None = None
    """None where it is the same as the original one."""
    recorded: VerdictReached | None = None
    """The first verdict that was written."""


class Replay:
    """A `streams.stage.Stage` whose outputs stay in its store: `replayed_scans` reads them."""

    name = "replay"
    inputs: tuple[Topic, ...] = (JOURNAL, VERDICTS)
    silent_replay = True

    def __init__(self, scope: ReplayScope, reference: ReferenceSource) -> None:
        self._scope = scope
        self._reference = reference

    def fold(self, records: Sequence[Received[Any]], work: State) -> list[Outgoing]:
        self._fold_entries(
            [record for record in records if isinstance(record.event, JudgedEntry)], work
        )
        for record in records:
            event = record.event
            if isinstance(event, VerdictReached) and self._scope.covers(event.scanned_at):
                self._keep_recorded(event, work)
        return []

    def _fold_entries(self, records: Sequence[Received[JudgedEntry]], work: State) -> None:
        work.prefetch(record.event.person_id.encode() for record in records)
        people: dict[str, PersonInBothWorlds] = {}
        for record in records:
            person_id = record.event.person_id
            person = people.get(person_id)
            if person is None:
                person = people[person_id] = PersonInBothWorlds(work, person_id)
            self._handle(person, record.event, record.version, work)
        for person in people.values():
            person.store()

    def _handle(
        self, person: PersonInBothWorlds, event: JudgedEntry, version: int, work: State
    ) -> None:
        """Admits the entry, and judges what it touches in both worlds.

        The candidate world is judged only where its flags may differ from the original ones.
        """
        history = person.history
        changed = admit(history, event)
        if not changed and is_judged(history):
            return
        known = self._reference.as_of(history.stored.reference_version)
        policies = OriginalPolicies(known.reference, known.version, self._scope)
        candidate_policies = CandidatePolicies(known.reference, known.version, self._scope)
        touched = touched_subjects(history, changed, candidate_policies)
        flag_changes(history, person.original, touched, policies, event, version)
        if self._may_differ(person, policies):
            flag_changes(history, person.candidate, touched, candidate_policies, event, version)
        if changed and gets_verdict(event) and self._scope.covers(event.occurred_at):
            original = reach_verdict(history, person.original, event, policies)
            candidate = reach_verdict(history, person.candidate, event, candidate_policies)
            self._keep_judged(event, original, candidate, work)

    def _may_differ(self, person: PersonInBothWorlds, policies: OriginalPolicies) -> bool:
        """Returns whether the candidate policy was asked for, or has changed flags before."""
        if self._scope.policy is None:
            return False
        return bool(policies.queries) or person.candidate.has_any_of_its_own

    def _keep_judged(
        self,
        event: ScanIdentified,
        original: ReachedVerdict,
        candidate: ReachedVerdict,
        work: State,
    ) -> None:
        """Keeps the first verdicts: after a crash the journal may have the scan as new twice."""
        scan = load_scan(work, event.person_id, event.entry_id)
        if scan.original is not None:
            return
        scan.original = original
        scan.candidate = candidate if differs(original.verdict, candidate.verdict) else None
        work.put(scan_key(event.person_id, event.entry_id), encode(scan))

    def _keep_recorded(self, recorded: VerdictReached, work: State) -> None:
        scan = load_scan(work, recorded.person_id, recorded.scan_id)
        if scan.recorded is None:
            scan.recorded = recorded
            work.put(scan_key(recorded.person_id, recorded.scan_id), encode(scan))


def reach_verdict(
    history: History, flags: Flags, event: ScanIdentified, reference: ReferenceAsOf
) -> ReachedVerdict:
    decided = decision_on(history, flags, event, reference)
    grounds: dict[str, None] = {}
    for finding in decided.findings:
        grounds.update(dict.fromkeys(grounds_of(finding)))
    return ReachedVerdict(verdict(history, decided, event, reference), tuple(grounds))


def grounds_of(finding: Finding) -> list[str]:
    return [f"{finding.rule}/{reason}" for reason in finding.reasons]


def differs(original: VerdictReached, candidate: VerdictReached) -> bool:
    """Returns whether an officer would notice: decision, reasons, their order or flags differ."""
    return (original.decision, original.reasons, original.flag_ids) != (
        candidate.decision,
        candidate.reasons,
        candidate.flag_ids,
    )


def differing_fields(
    recorded: VerdictReached, replayed: VerdictReached
) -> dict[str, tuple[Any, Any]]:
    """Returns the fields that differ, as recorded and as replayed, but for `NEVER_REPRODUCED`."""
    differing: dict[str, tuple[Any, Any]] = {}
    for name in VERDICT_FIELDS:
        before, after = getattr(recorded, name), getattr(replayed, name)
        if before is None and name in LATER_FIELDS:
            continue
        if before != after:
            differing[name] = (before, after)
    return differing


def load_scan(work: State, person_id: str, scan_id: str) -> ReplayedScan:
    stored = work.get(scan_key(person_id, scan_id))
    return ReplayedScan() if stored is None else _decode_scan(stored)


_decode_scan = msgspec.msgpack.Decoder(ReplayedScan).decode


def scan_key(person_id: str, scan_id: str) -> bytes:
    """Returns a key of scan and person: after a crash one scan may have verdicts of two people."""
    return SCAN_PREFIX + f"{scan_id}\x00{person_id}".encode()


def replayed_scans(store: Readable) -> Iterator[ReplayedScan]:
    return (_decode_scan(value) for _, value in store.scan(SCAN_PREFIX))
