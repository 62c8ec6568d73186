"""Holds one person's history, which rules judge.

A history is a set of entries: the order in which they arrive changes nothing. A question reads no
more of it than it asks about, so that a long history costs no more than a short one.
"""

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any, Literal

from streams.rules.entries import (
    DOCUMENT_USES,
    Cancellation,
    DocumentUse,
    Dose,
    HealthTest,
    Journey,
    Judged,
    Scan,
    span,
)
from streams.rules.older_uses import OlderUses
from streams.rules.pieces import Pieces, ReadPiece
from streams.rules.shelf import (
    Card,
    DeclarationCard,
    End,
    OlderJourneys,
    Shelf,
)
from streams.rules.stored_history import CARDS, FIELD_OF_KIND, TIMELINES, StoredHistory
from streams.rules.timeline import LAST_ID, Key, Timeline, by_time

Ended = Literal["cancelled", "superseded"]
MAX_COUNTING = 64
"""The newest declarations made in time count at a scan, so many of them.

Nobody makes more within the hours of a policy. Without a bound they would cost their square.
"""
NOTHING_IDENTIFIED = -1


MAX_FAR_OFF = 64
"""So many journeys far off are named; with more of them a person's journeys are all looked at."""


class History:
    """The entries of one person. Rules never see one that was withdrawn: the stage takes it out.

    `read` returns what is stored in a piece, by kind and number; nothing calls it while the history
    is short.
    """

    journeys: Timeline[Journey]
    scans: Timeline[Scan]
    doses: Timeline[Dose]
    tests: Timeline[HealthTest]
    cancellations: Timeline[Cancellation]
    cards: Shelf[Card]
    declarations: Shelf[DeclarationCard]
    older_journeys: Shelf[OlderJourneys]

    def __init__(
        self, stored: StoredHistory | None = None, read: ReadPiece = lambda kind, number: []
    ) -> None:
        self.stored = stored = stored or StoredHistory()
        self.pieces = Pieces(read)
        self.cases = stored.cases
        self.orders = stored.orders
        self.reuses = stored.reuses
        self._last_in_force: tuple[datetime, int, list[Journey]] | None = None
        """The last answer of `in_force`: most rules ask the same about one scan."""

    def __getattr__(self, name: str) -> Any:
        """Makes a timeline or shelf when it is first needed: most people need few of them."""
        if name in TIMELINES:
            made = self.__dict__[name] = Timeline(getattr(self.stored, name), name, self.pieces)
            return made
        if name not in CARDS:
            raise AttributeError(name)
        shelf = Shelf(getattr(self.stored, name), name, self.pieces, CARDS[name])
        self.__dict__[name] = shelf
        return shelf

    @property
    def has_cards(self) -> bool:
        """Returns whether anything is flagged or withdrawn; nearly always nothing is."""
        cards = self.stored.cards
        return bool(cards.at_hand or cards.buckets)

    def held(self, entry: Judged) -> Judged | None:
        """Returns what is held under the entry's time and id."""
        kept = self._kept(entry)
        if isinstance(kept, dict):
            return kept.get(entry.entry_id)
        return kept.find((entry.occurred_at, entry.entry_id))

    def keep(self, entry: Judged) -> None:
        """Puts in an entry that is not held."""
        self._last_in_force = None
        kept = self._kept(entry)
        if isinstance(kept, dict):
            kept[entry.entry_id] = entry
            return
        self._note_aside(entry, insort)
        for older in kept.put(entry):
            self._note_older(older)

    def drop(self, entry: Judged) -> None:
        """Takes out an entry that is held."""
        self._last_in_force = None
        kept = self._kept(entry)
        if isinstance(kept, dict):
            del kept[entry.entry_id]
            return
        self._note_aside(entry, _remove)
        if kept.remove(entry):
            self._forget_older(entry)

    def _kept(self, entry: Judged) -> Timeline[Any] | dict[str, Any]:
        """Returns what holds the entries of this kind."""
        name = FIELD_OF_KIND[type(entry)]
        kept: Timeline[Any] | dict[str, Any] | None = self.__dict__.get(name)
        return self.__getattr__(name) if kept is None else kept

    def document_use(self, entry_id: str) -> DocumentUse | None:
        for timeline in self._of_documents():
            use: DocumentUse | None = timeline.get(entry_id)
            if use is not None:
                return use
        return None

    def in_force(self, at: datetime, hours: int) -> list[Journey]:
        """Returns the journeys whose declarations count at an instant, the newest last.

        A declaration counts for `hours`, unless it was cancelled or superseded before.
        """
        last = self._last_in_force
        if last is not None and last[0] == at and last[1] == hours:
            return last[2]
        counting = [
            journey
            for journey in self.made_within(at, hours)
            if self.ended(journey.declaration_id, at) is None
        ]
        counting.reverse()
        self._last_in_force = (at, hours, counting)
        return counting

    def made_within(self, at: datetime, hours: int) -> list[Journey]:
        """Returns the newest journeys declared in the `hours` before an instant, the newest first.

        There are no more than may count. Some may have ended.
        """
        begin = at - span(hours)
        made: list[Journey] = []
        for journey in islice(self.journeys.backward((at, LAST_ID)), MAX_COUNTING):
            if journey.occurred_at < begin:
                break
            made.append(journey)
        return made

    def ended(self, declaration_id: str, at: datetime) -> Ended | None:
        """Returns how a declaration ended, up to and including an instant; None if it did not.

        Of several ends the first counts.
        """
        cards = self.stored.declarations
        if not cards.at_hand and not cards.buckets:  # nearly always
            return None
        card = self.declarations.get(declaration_id)
        if card is None or not card.ends or card.ends[0].occurred_at > at:
            return None
        return "superseded" if card.ends[0].superseded else "cancelled"

    def journeys_of(self, declaration_id: str) -> Iterator[Key]:
        """Yields time and id of the journeys of a declaration."""
        for journey in self.stored.journeys.newest:
            if journey.declaration_id == declaration_id:
                yield by_time(journey)
        older = self.older_journeys.get(declaration_id)
        if older is not None:
            yield from older.keys

    def unknown_uses(self, document_key: str) -> list[Key]:
        """Returns the first uses of a document that the register did not know, in order."""
        uses = [
            by_time(use)
            for use in self._uses_at_hand()
            if use.document_key == document_key and not use.match.known
        ]
        if older := self.stored.older_uses.get(document_key):
            uses += older.unknown
        return sorted(uses)

    def first_uses(self, document_key: str) -> list[Key]:
        """Returns the first use of a document under each name, in order."""
        older = self.stored.older_uses.get(document_key)
        by_name = dict(older.names) if older else {}
        for use in self._uses_at_hand():
            if use.document_key == document_key and use.name_key:
                key = by_time(use)
                by_name[use.name_key] = min(by_name.get(use.name_key, key), key)
        return sorted(by_name.values())

    def places(self) -> set[str]:
        """Returns the communes, checkpoints and vehicles with permits that any entry names."""
        places = set(self.stored.older_places)
        for journey in self.stored.journeys.newest:
            places.update(_places_of(journey))
        for scan in self.stored.scans.newest:
            places.update(_places_of(scan))
        return places

    def tidy(self) -> None:
        """Drops what is empty, before the history is stored."""
        for name in CARDS:
            if name in self.__dict__:  # else nobody has changed it
                getattr(self, name).tidy()

    def _of_documents(self) -> tuple[Timeline[Any], ...]:
        return self.scans, self.journeys, self.doses, self.tests

    def _uses_at_hand(self) -> Iterable[DocumentUse]:
        stored = self.stored
        return (
            *stored.scans.newest,
            *stored.journeys.newest,
            *stored.doses.newest,
            *stored.tests.newest,
        )

    def _note_aside(self, entry: Judged, change: Callable[[list[Any], Any], None]) -> None:
        """Notes under a declaration's id what ends it, and who else showed its code."""
        if isinstance(entry, Scan):
            if entry.code_key and entry.code_key != entry.document_key:
                presented = self.declarations.edit(entry.declaration_id or "").presented
                change(presented, by_time(entry))
        elif isinstance(entry, Journey):
            if entry.is_far_off and not self.stored.has_many_far_off:
                change(self.stored.far_off, by_time(entry))
                if len(self.stored.far_off) > MAX_FAR_OFF:
                    self.stored.far_off = []
                    self.stored.has_many_far_off = True
            if entry.replaces:
                end = End(entry.occurred_at, True, entry.entry_id)
                change(self.declarations.edit(entry.replaces).ends, end)
        elif isinstance(entry, Cancellation):
            end = End(entry.occurred_at, False, entry.entry_id)
            change(self.declarations.edit(entry.declaration_id).ends, end)

    def _note_older(self, entry: Judged) -> None:
        """Notes what is asked of an entry that is no longer at hand."""
        if not isinstance(entry, DOCUMENT_USES):
            return
        known = self.stored.older_places
        for place in _places_of(entry):
            if place not in known:
                insort(known, place)
        if isinstance(entry, Journey):
            insort(self.older_journeys.edit(entry.declaration_id).keys, by_time(entry))
        uses = self.stored.older_uses.setdefault(entry.document_key, OlderUses())
        uses.add(entry)

    def _forget_older(self, entry: Judged) -> None:
        if not isinstance(entry, DOCUMENT_USES):
            return
        if isinstance(entry, Journey):
            _remove(self.older_journeys.edit(entry.declaration_id).keys, by_time(entry))
        uses = self.stored.older_uses[entry.document_key]
        uses.remove(entry, lambda: self._older_uses_of(entry.document_key))

    def _older_uses_of(self, document_key: str) -> Iterator[DocumentUse]:
        for timeline in self._of_documents():
            for use in timeline.pieces():
                if use.document_key == document_key:
                    yield use


def _places_of(entry: DocumentUse) -> tuple[str, ...]:
    if isinstance(entry, Scan):
        return (entry.checkpoint_id, *entry.permit_keys())
    return (entry.origin_code, entry.destination_code) if isinstance(entry, Journey) else ()


def _remove(ordered: list[Any], item: Any) -> None:
    del ordered[bisect_left(ordered, item)]
