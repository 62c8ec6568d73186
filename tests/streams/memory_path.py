"""The path in memory: the real stages over topics that are lists.

It is the oracle of the live tests, and the subject of the property tests.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from schemas.contract.codec import Codec
from schemas.contract.events import (
    Event,
    FlagCleared,
    FlagRaised,
    JournalEntry,
    ReferenceEvent,
    VerdictReached,
)
from schemas.contract.topics import CITIZEN_DOCUMENTS, FLAGS, JOURNAL, VERDICTS
from schemas.domain.pseudonyms import Pseudonyms
from schemas.domain.reference import Reference, ReferenceAsOf
from streams.identify import Identify
from streams.link import Link
from streams.screen import Screen
from streams.stage import Outgoing, Received, Stage
from tests.streams.fakes import MemoryStore, SchemaFiles

PERSON_KEY = "key-of-the-tests"


@dataclass
class KnownReference:
    current: Reference = field(default_factory=Reference)

    def as_of(self, version: int) -> ReferenceAsOf:
        return self.current.as_of(version)


class MemoryPath:
    """A path whose stages fold `batch` events at once.

    `feed` takes events in the order in which the stages handle them.
    """

    def __init__(self, *, batch: int = 1, person_key: str = PERSON_KEY) -> None:
        self.pseudonyms = Pseudonyms(person_key)
        self.reference = KnownReference()
        self.topics: defaultdict[str, list[Event]] = defaultdict(list)
        codec = Codec(SchemaFiles())
        self._batch = batch
        self._link = Link(self.pseudonyms)
        self._identify = Identify(self.pseudonyms, codec, lambda: self.reference.current.version)
        self._screen = Screen(self.reference)
        self._stores = {
            stage.name: MemoryStore() for stage in (self._link, self._identify, self._screen)
        }
        self._screened = 0

    def decide(self, *facts: ReferenceEvent) -> None:
        for fact in facts:
            self.reference.current.add(self.reference.current.version + 1, fact)

    def record(self, citizens: Iterable[Event]) -> None:
        """Feeds rows of the register, as far as the links they make.

        `feed_links` hands those on, when the test wants it.
        """
        self._run(self._link, list(citizens), 0)

    def feed(self, events: Iterable[Event]) -> None:
        self._run(self._identify, list(events), 0)
        self._screen_all()

    def feed_links(self) -> None:
        """Feeds every link, those included that feeding makes."""
        done = 0
        while done < len(self.topics[CITIZEN_DOCUMENTS.name]):
            links = self.topics[CITIZEN_DOCUMENTS.name][done:]
            self._run(self._identify, links, done)
            done += len(links)
        self._screen_all()

    def screen(self, entries: Iterable[JournalEntry]) -> None:
        """Screens entries as another path's journal holds them."""
        self.topics[JOURNAL.name] += entries
        self._screen_all()

    def open_flags(self) -> dict[str, tuple[Any, ...]]:
        """Returns every open flag by its id: rule, person, subject, reasons, causes."""
        flags: dict[str, tuple[Any, ...]] = {}
        for change in self.topics[FLAGS.name]:
            match change:
                case FlagRaised():
                    flags[change.flag_id] = (
                        change.rule,
                        change.person_id,
                        change.subject,
                        tuple(change.reasons),
                        tuple(change.causes),
                    )
                case FlagCleared():
                    flags.pop(change.flag_id, None)
        return flags

    def reasons(self, rule: str) -> list[tuple[str, ...]]:
        """Returns the reasons of every open flag of a rule, in order."""
        return sorted(
            reasons for found, _, _, reasons, _ in self.open_flags().values() if found == rule
        )

    def rules_found(self) -> set[tuple[str, str]]:
        """Returns rule and subject of every open flag."""
        return {(rule, subject) for rule, _, subject, _, _ in self.open_flags().values()}

    def verdicts(self) -> dict[str, VerdictReached]:
        verdicts: dict[str, VerdictReached] = {}
        for verdict in self.topics[VERDICTS.name]:
            if isinstance(verdict, VerdictReached):
                verdicts.setdefault(verdict.scan_id, verdict)
        return verdicts

    def entries_of_people(self) -> dict[str, set[str]]:
        """Returns the ids of each person's entries, as the journal's highest revisions say."""
        newest: dict[tuple[str, str], JournalEntry] = {}
        for entry in cast("list[JournalEntry]", self.topics[JOURNAL.name]):
            key = (entry.person_id, entry.entry_id)
            if key not in newest or entry.revision > newest[key].revision:
                newest[key] = entry
        people: defaultdict[str, set[str]] = defaultdict(set)
        for (person, entry_id), entry in newest.items():
            if not entry.withdrawn:
                people[person].add(entry_id)
        return dict(people)

    def _screen_all(self) -> None:
        entries = self.topics[JOURNAL.name][self._screened :]
        self._run(self._screen, entries, self._screened)
        self._screened += len(entries)

    def _run(self, stage: Stage[Any], events: list[Event], first_offset: int) -> None:
        store = self._stores[stage.name]
        for start in range(0, len(events), self._batch):
            batch = events[start : start + self._batch]
            work = store.begin()
            sent = stage.fold(
                [
                    Received(event, 0, first_offset + start + place)
                    for place, event in enumerate(batch)
                ],
                work,
            )
            store.take(work)
            self.take(sent)

    def take(self, sent: list[Outgoing]) -> None:
        for written in sent:
            self.topics[written.topic.name].append(written.event)
