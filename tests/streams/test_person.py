"""How a person is stored: as releases before stored them, in pieces, and what a piece costs."""

import json
from base64 import b64decode
from pathlib import Path
from random import Random
from typing import Any

import pytest

from schemas.contract.topics import JOURNAL
from streams.errors import StateLost
from streams.person import load_person, store_person
from streams.rules import timeline
from streams.screen import Screen
from streams.stage import Received
from tests.streams.facts import EXPECTED
from tests.streams.fakes import MemoryStore
from tests.streams.memory_path import MemoryPath
from tests.streams.rules.generated import any_steps
from tests.streams.rules.test_touched import changed_by

PERSON = "0f" * 16
EARLIER_PEOPLE: dict[str, str] = json.loads(
    Path(__file__).with_name("earlier_people.json").read_text(encoding="utf-8")
)
"""The state of `screen` after two thirds of the facts, as an earlier release stored it."""


def test_a_state_of_an_earlier_release_goes_on_to_the_same_flags() -> None:
    store, path = MemoryStore(), MemoryPath()
    store.values = {person.encode(): b64decode(value) for person, value in EARLIER_PEOPLE.items()}
    journal: list[Any] = EXPECTED.topics[JOURNAL.name]
    assert flags_of(store)
    stage = Screen(EXPECTED.reference)
    for offset, entry in enumerate(journal):
        work = store.begin()
        path.take(stage.fold([Received(entry, 0, offset)], work))
        store.take(work)
    assert flags_of(store) == EXPECTED.rules_found()


def flags_of(store: MemoryStore) -> set[tuple[str, str]]:
    """Returns rule and subject of every open flag of everybody."""
    flags = set()
    for person_id in EXPECTED.entries_of_people():
        cards = load_person(store.begin(), person_id).cards
        for number in range(cards.stored.buckets):
            cards.stored.at_hand.update(cards.bucket(number))
        for subject, card in cards.stored.at_hand.items():
            flags |= {(rule, subject) for rule in card.flags}
    return flags


def in_pieces(store: MemoryStore) -> list[str]:
    """Stores a random history in pieces of two; returns their keys."""
    for entry, goes in any_steps(Random(7), 60):
        work = store.begin()
        changed_by(history := load_person(work, PERSON), entry, goes=goes)
        store_person(work, PERSON, history)
        store.take(work)
    return [key.decode().replace("\x00", " ") for key in store.values if b"\x00" in key]


def test_a_history_lies_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MAX_NEWEST", 2)
    keys = in_pieces(MemoryStore())
    assert f"{PERSON} scans 0" in keys
    assert f"{PERSON} journeys 0" in keys


def test_a_piece_that_is_lost_is_no_empty_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MAX_NEWEST", 2)
    store = MemoryStore()
    in_pieces(store)
    del store.values[f"{PERSON}\x00scans\x000".encode()]
    with pytest.raises(StateLost, match="a piece of a person's scans"):
        list(load_person(store.begin(), PERSON).scans)
