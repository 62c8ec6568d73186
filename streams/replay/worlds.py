"""The journal folded in two worlds side by side: with the policies as they were, and with another one in force in a period.

Guarantees: both are judged by the functions that the stage `screen` judges by, in the order it met the entries; the worlds differ in what
`policy(at)` says within the period, and in nothing else.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from schemas.contract.events import JudgedEntry, PolicyAdopted, ScanIdentified, VerdictReached
from schemas.contract.topics import JOURNAL, VERDICTS, Topic
from schemas.domain.reference import ReferenceAsOf
from streams.rules.history import Finding
from streams.screen import (
    KnowsReference,
    OpenFlag,
    Person,
    admit,
    flag_changes,
    flag_id_of,
    gets_verdict,
    verdict,
)
from streams.stage import Received, Sent
from streams.state import Readable, State

OF_A_SCAN = b"scan\x00"
OF_THE_MOMENT = ("decided_at",)
"""Fields of a verdict that say when it was made: the one thing that no replay can give again."""


@dataclass(frozen=True, slots=True)
class Question:
    """`policy` None: only the policies as they were."""

    begin: datetime
    end: datetime
    policy: PolicyAdopted | None

    def holds(self, at: datetime) -> bool:
        return self.begin <= at < self.end


@dataclass(frozen=True, slots=True)
class AsItWas(ReferenceAsOf):
    """Notes whether any policy of the period was asked for: where none was, the other world is the same."""

    question: Question
    asked: list[datetime] = field(default_factory=list)

    def policy(self, at: datetime) -> PolicyAdopted:
        if self.question.holds(at):
            self.asked.append(at)
        return ReferenceAsOf.policy(self, at)


@dataclass(frozen=True, slots=True)
class AsItWouldBe(ReferenceAsOf):
    question: Question

    def policy(self, at: datetime) -> PolicyAdopted:
        named = self.question.policy
        return (
            named
            if named is not None and self.question.holds(at)
            else ReferenceAsOf.policy(self, at)
        )


class Twin(msgspec.Struct, array_like=True):
    """One person in both worlds: what is known of them is the same, what is found about them may not be."""

    was: Person
    would_be: dict[str, OpenFlag] | None = None
    """Flags open in the other world; None while they are the same."""


class Told(msgspec.Struct, array_like=True, frozen=True):
    """A verdict, and what was found about its scan as `rule/reason`."""

    verdict: VerdictReached
    grounds: tuple[str, ...]


class Judged(msgspec.Struct, array_like=True, kw_only=True):
    """All that comes of one scan of the period."""

    was: Told | None = None
    """None where only a recorded verdict tells of the scan."""
    would_be: Told | None = None
    """None where it is the same."""
    recorded: VerdictReached | None = None
    """The first verdict that was written."""


class Replay:
    """A `streams.stage.Stage` whose outputs stay in its store: `judged` reads them."""

    name = "replay"
    inputs: tuple[Topic, ...] = (JOURNAL, VERDICTS)
    silent_replay = True

    def __init__(self, question: Question, reference: KnowsReference) -> None:
        self._question, self._reference = question, reference
        self._pack = msgspec.msgpack.Encoder().encode
        self._twin = msgspec.msgpack.Decoder(Twin).decode

    def fold(self, records: Sequence[Received[Any]], work: State) -> list[Sent]:
        entries = [record for record in records if isinstance(record.event, JudgedEntry)]
        work.prefetch(record.event.person_id.encode() for record in entries)
        twins: dict[str, Twin] = {}
        for record in entries:
            person_id = record.event.person_id
            twin = twins.get(person_id) or self._load(work, person_id)
            twins[person_id] = twin
            self._meet(twin, record.event, record.offset, work)
        for person_id, twin in twins.items():
            work.put(person_id.encode(), self._pack(twin))
        for record in records:
            if isinstance(record.event, VerdictReached) and self._question.holds(
                record.event.scanned_at
            ):
                self._record(record.event, work)
        return []

    def _load(self, work: State, person_id: str) -> Twin:
        stored = work.get(person_id.encode())
        return Twin(Person()) if stored is None else self._twin(stored)

    def _meet(self, twin: Twin, event: JudgedEntry, offset: int, work: State) -> None:
        changed = admit(twin.was, event)
        if not changed:
            return
        known = self._reference.as_of(twin.was.history.reference_version)
        was, would_be = (
            AsItWas(known.reference, known.version, self._question),
            AsItWouldBe(known.reference, known.version, self._question),
        )
        before = dict(twin.was.open_flags) if twin.would_be is None else twin.would_be
        other = Person(
            history=twin.was.history,
            left=twin.was.left,
            open_flags=before,
            judged_by=twin.was.judged_by,
        )
        flag_changes(twin.was, changed, was, event, offset)
        if self._question.policy is not None and (was.asked or twin.would_be is not None):
            flag_changes(other, changed, would_be, event, offset)
            twin.would_be = None if other.open_flags == twin.was.open_flags else other.open_flags
        if gets_verdict(event) and self._question.holds(event.occurred_at):
            other.open_flags = twin.was.open_flags if twin.would_be is None else twin.would_be
            self._judge(event, told(twin.was, event, was), told(other, event, would_be), work)

    def _judge(self, event: ScanIdentified, was: Told, would_be: Told, work: State) -> None:
        judged = judged_of(work, event.person_id, event.entry_id)
        if (
            judged.was is None
        ):  # a crash may have had the scan met for the first time twice: the first verdict holds
            judged.was, judged.would_be = (
                was,
                would_be if differs(was.verdict, would_be.verdict) else None,
            )
            work.put(key_of(event.person_id, event.entry_id), self._pack(judged))

    def _record(self, recorded: VerdictReached, work: State) -> None:
        judged = judged_of(work, recorded.person_id, recorded.scan_id)
        if judged.recorded is None:
            judged.recorded = recorded
            work.put(key_of(recorded.person_id, recorded.scan_id), self._pack(judged))


def told(person: Person, event: ScanIdentified, reference: ReferenceAsOf) -> Told:
    reached = verdict(person, event, reference)
    found: dict[str, Finding] = {
        flag_id_of(event.person_id, flag.finding): flag.finding
        for flag in person.open_flags.values()
    }
    return Told(
        reached,
        tuple(
            dict.fromkeys(
                ground for flag_id in reached.flag_ids for ground in grounds_of(found[flag_id])
            )
        ),
    )


def grounds_of(finding: Finding) -> list[str]:
    return [f"{finding.rule}/{reason}" for reason in finding.reasons]


def differs(was: VerdictReached, would_be: VerdictReached) -> bool:
    """Whether an officer would notice: another decision, other reasons or their order, other flags."""
    return (was.decision, was.reasons, was.flag_ids) != (
        would_be.decision,
        would_be.reasons,
        would_be.flag_ids,
    )


def fields_apart(recorded: VerdictReached, replayed: VerdictReached) -> dict[str, tuple[Any, Any]]:
    """Every field that the two do not have alike, but those of the moment."""
    names = [name for name in VerdictReached.__struct_fields__ if name not in OF_THE_MOMENT]
    pairs = {name: (getattr(recorded, name), getattr(replayed, name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def judged_of(work: State, person_id: str, scan_id: str) -> Judged:
    stored = work.get(key_of(person_id, scan_id))
    return Judged() if stored is None else _judged(stored)


_judged = msgspec.msgpack.Decoder(Judged).decode


def key_of(person_id: str, scan_id: str) -> bytes:
    """By person too: after a crash one scan may have been met under two, each with a verdict of its own."""
    return OF_A_SCAN + f"{scan_id}\x00{person_id}".encode()


def judged_scans(store: Readable) -> Iterator[Judged]:
    return (_judged(value) for _, value in store.scan(OF_A_SCAN))
