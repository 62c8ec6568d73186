"""Stores what screening keeps of one person: a head, and pieces that are read when needed."""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from streams.errors import StateLost
from streams.rules.entries import (
    Cancellation,
    Case,
    Dose,
    HealthTest,
    Journey,
    Order,
    Reuse,
    Scan,
)
from streams.rules.history import History
from streams.rules.pieces import Pieces
from streams.rules.rule import OpenFlag
from streams.rules.shelf import Card, DeclarationCard, OlderJourneys
from streams.rules.stored_history import StoredHistory
from streams.state import State

DECODERS: Mapping[str, Callable[[bytes], Any]] = {
    "journeys": msgspec.msgpack.Decoder(list[Journey]).decode,
    "scans": msgspec.msgpack.Decoder(list[Scan]).decode,
    "doses": msgspec.msgpack.Decoder(list[Dose]).decode,
    "tests": msgspec.msgpack.Decoder(list[HealthTest]).decode,
    "cancellations": msgspec.msgpack.Decoder(list[Cancellation]).decode,
    "cards": msgspec.msgpack.Decoder(dict[str, Card]).decode,
    "declarations": msgspec.msgpack.Decoder(dict[str, DeclarationCard]).decode,
    "older_journeys": msgspec.msgpack.Decoder(dict[str, OlderJourneys]).decode,
}
"""How each kind of piece is read."""
encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(StoredHistory).decode


def load_person(work: State, person_id: str) -> History:
    """Returns the history of a person; an empty one where nothing is known of them."""

    def read(kind: str, number: int) -> Any:
        return read_piece(work, person_id, DECODERS[kind], kind, number)

    stored = work.get(person_id.encode())
    if stored is None:
        return History(read=read)
    try:
        return History(_decode(stored), read)
    except msgspec.ValidationError:
        return _from_earlier_release(stored, read)


def store_person(work: State, person_id: str, history: History) -> None:
    """Writes the head, and the pieces that changed."""
    history.tidy()
    store_pieces(work, person_id, history.pieces)
    work.put(person_id.encode(), encode(history.stored))


def store_pieces(work: State, person_id: str, pieces: Pieces) -> None:
    for kind, number, piece in pieces.changed():
        work.put(_piece_key(person_id, kind, number), encode(piece))


def read_piece(
    work: State, person_id: str, decode: Callable[[bytes], Any], kind: str, number: int
) -> Any:
    """Raises `StateLost` for a piece that is not there, though its head names it."""
    stored = work.get(_piece_key(person_id, kind, number))
    if stored is None:
        raise StateLost(f"a piece of a person's {kind} is not in the database")
    return decode(stored)


def _piece_key(person_id: str, kind: str, number: int) -> bytes:
    return f"{person_id}\x00{kind}\x00{number}".encode()


class EarlierHistory(msgspec.Struct, array_like=True):
    journeys: dict[str, Journey] = {}
    scans: dict[str, Scan] = {}
    doses: dict[str, Dose] = {}
    cancellations: dict[str, Cancellation] = {}
    cases: dict[str, Case] = {}
    orders: dict[str, Order] = {}
    tests: dict[str, HealthTest] = {}
    reuses: dict[str, Reuse] = {}


class EarlierPerson(msgspec.Struct, array_like=True):
    """A person as releases stored them that kept a history in one piece."""

    history: EarlierHistory
    withdrawn: dict[str, int] = {}
    open_flags: dict[str, OpenFlag] = {}
    judged_version: int = -1


_decode_earlier = msgspec.msgpack.Decoder(EarlierPerson).decode


def _from_earlier_release(stored: bytes, read: Callable[[str, int], Any]) -> History:
    earlier = _decode_earlier(stored)
    history = History(read=read)
    for by_id in msgspec.structs.astuple(earlier.history):
        for entry in by_id.values():
            history.keep(entry)
            version = max(history.stored.reference_version, entry.reference_version)
            history.stored.reference_version = version
    for entry_id, revision in earlier.withdrawn.items():
        history.cards.edit(entry_id).withdrawn = revision
    for flag in earlier.open_flags.values():
        history.cards.edit(flag.finding.subject).flags[flag.finding.rule] = flag
    history.stored.judged_version = earlier.judged_version
    return history
