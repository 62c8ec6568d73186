"""The stage `link` over snapshots of the register: new, repeated, corrected, removed, any order."""

from datetime import datetime, timedelta
from itertools import permutations

import pytest

from schemas.contract.events import (
    CitizenRecorded,
    CitizenRemoved,
    DocumentLinked,
    DocumentUnlinked,
    Event,
    HouseholdJoined,
    HouseholdLeft,
    RegistryEvent,
)
from schemas.contract.ids import DocumentKey
from streams.link import Link
from streams.stage import Received
from tests.streams.fakes import MemoryStore
from tests.streams.people import HOA_CCCD, HOA_CMND, NOON, PSEUDONYMS, citizen, event_id, removal

DAY = timedelta(days=1)
LINK_EVENTS = (DocumentLinked, DocumentUnlinked)
CCCD, CMND = PSEUDONYMS.document(HOA_CCCD), PSEUDONYMS.document(HOA_CMND)
FIRST = citizen(recorded_at=NOON)
CORRECTED = citizen(full_name="Nguyễn Thị Hoa", cmnd=None, recorded_at=NOON + DAY)
REMOVED = CitizenRemoved(
    event_id=event_id("removal"),
    person_number=HOA_CCCD.number,
    snapshot_id="s",
    removed_at=NOON + 2 * DAY,
    received_at=NOON + 3 * DAY,
)


def written(*events: RegistryEvent) -> list[Event]:
    stage, store, sent = Link(PSEUDONYMS), MemoryStore(), list[Event]()
    for offset, event in enumerate(events):
        work = store.begin()
        sent += [written.event for written in stage.fold([Received(event, 0, offset)], work)]
        store.take(work)
    return sent


def links(*events: RegistryEvent) -> list[DocumentLinked | DocumentUnlinked]:
    return [event for event in written(*events) if isinstance(event, LINK_EVENTS)]


def held(*events: RegistryEvent) -> dict[DocumentKey, str | None]:
    """Returns the documents linked in the end, with the name."""
    found: dict[DocumentKey, str | None] = {}
    for link in links(*events):
        if isinstance(link, DocumentLinked):
            found[link.document_key] = link.full_name
        else:
            found.pop(link.document_key, None)
    return found


def test_every_number_of_a_person_is_linked_to_one_pseudonym() -> None:
    written = links(FIRST)
    assert {link.document_key for link in written} == {CCCD, CMND}
    assert {link.person_id for link in written if isinstance(link, DocumentLinked)} == {
        PSEUDONYMS.person(HOA_CCCD.number)
    }


@pytest.mark.parametrize("again", [FIRST, citizen(recorded_at=NOON + DAY, snapshot_id="another")])
def test_a_row_that_says_nothing_new_writes_nothing(again: CitizenRecorded) -> None:
    assert links(FIRST, again) == links(FIRST)


def test_a_document_that_a_newer_row_leaves_out_is_unlinked() -> None:
    assert held(FIRST, CORRECTED) == {CCCD: "Nguyễn Thị Hoa"}


def test_a_removed_person_has_no_links() -> None:
    assert held(FIRST, REMOVED) == {}


def test_a_person_may_come_back() -> None:
    assert held(FIRST, REMOVED, citizen(recorded_at=NOON + 5 * DAY)) == {
        CCCD: FIRST.full_name,
        CMND: FIRST.full_name,
    }


@pytest.mark.parametrize("order", list(permutations((FIRST, CORRECTED, REMOVED))))
def test_snapshots_loaded_in_any_order_end_the_same(order: tuple[RegistryEvent, ...]) -> None:
    assert held(*order) == {}


@pytest.mark.parametrize("order", list(permutations((FIRST, CORRECTED))))
def test_an_older_row_does_not_undo_a_newer_one(order: tuple[RegistryEvent, ...]) -> None:
    assert held(*order) == {CCCD: "Nguyễn Thị Hoa"}


def households(*events: RegistryEvent) -> list[tuple[str, str]]:
    """Returns person and household of all who are in one in the end."""
    found: set[tuple[str, str]] = set()
    for event in written(*events):
        match event:
            case HouseholdJoined():
                found.add((event.person_id, event.household_key))
            case HouseholdLeft():
                found.discard((event.person_id, event.household_key))
    return sorted(found)


AT_FIRST = citizen(household_number="51-0000001", recorded_at=NOON)
MOVED = citizen(household_number="51-0000002", recorded_at=NOON + DAY)
ALONE = citizen(household_number=None, recorded_at=NOON + DAY)
PERSON = PSEUDONYMS.person(HOA_CCCD.number)


@pytest.mark.parametrize("order", list(permutations((AT_FIRST, MOVED))))
def test_a_person_is_in_the_household_of_the_newest_row(order: tuple[RegistryEvent, ...]) -> None:
    assert households(*order) == [(PERSON, PSEUDONYMS.household("51-0000002"))]


@pytest.mark.parametrize("later", [ALONE, REMOVED])
def test_a_person_leaves_the_household_that_a_newer_row_does_not_name(later: RegistryEvent) -> None:
    assert households(AT_FIRST, later) == []


def test_a_household_said_again_writes_nothing() -> None:
    again = citizen(household_number="51-0000001", recorded_at=NOON + DAY, snapshot_id="another")
    assert written(AT_FIRST, again) == written(AT_FIRST)


DEAD, DEAD_LATER = (removal(HOA_CCCD.number, NOON + days * DAY, "deceased") for days in (2, 3))


def gone(*events: RegistryEvent) -> dict[DocumentKey, tuple[str, datetime]]:
    """Returns why, and since when, each document is unlinked in the end."""
    last = {link.document_key: link for link in links(*events)}
    return {
        key: (link.reason, link.unlinked_at)
        for key, link in last.items()
        if isinstance(link, DocumentUnlinked)
    }


def test_a_removal_tells_of_every_document_why_and_nothing_else() -> None:
    assert gone(FIRST, DEAD) == dict.fromkeys((CCCD, CMND), ("deceased", DEAD.removed_at))
    assert gone(FIRST, REMOVED) == dict.fromkeys((CCCD, CMND), ("unknown", REMOVED.removed_at))


def test_a_removal_said_again_writes_nothing() -> None:
    assert written(FIRST, DEAD, DEAD) == written(FIRST, DEAD)


def test_a_reason_told_later_reaches_the_documents_that_were_held() -> None:
    assert gone(FIRST, REMOVED, DEAD_LATER) == dict.fromkeys(
        (CCCD, CMND), ("deceased", DEAD_LATER.removed_at)
    )


@pytest.mark.parametrize("order", list(permutations((DEAD, DEAD_LATER))))
def test_of_two_removals_the_newer_snapshot_holds(order: tuple[RegistryEvent, ...]) -> None:
    assert gone(FIRST, *order) == dict.fromkeys((CCCD, CMND), ("deceased", DEAD_LATER.removed_at))


def test_the_death_of_somebody_whom_no_snapshot_has_shown_is_told_of_their_own_number() -> None:
    assert gone(DEAD) == {CCCD: ("deceased", DEAD.removed_at)}
    assert gone(REMOVED) == {}
