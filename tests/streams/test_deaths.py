"""The register's word that the owner of a document has died holds whatever it says of others."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import msgspec
import pytest

from schemas.contract.events import DocumentUnlinked, RegistryEvent
from schemas.contract.ids import PersonId
from streams.document_claims import Claim, DocumentClaims
from streams.rules.dose_record import DOSE_RECORD
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    HOA_CMND,
    NOON,
    PSEUDONYMS,
    citizen,
    dose,
    removal,
)

DAY = timedelta(days=1)
OTHER = "051190000456"
HOA = PSEUDONYMS.person(HOA_CCCD.number)
LATE_DOSE = dose("late", 1, date(2021, 9, 20), HOA_CMND)

HOA_HELD_IT_AND_DIED = (citizen(), removal(HOA_CCCD.number, NOON + DAY, "deceased"))
OTHER_GAVE_IT_UP = (
    citizen(OTHER),
    citizen(OTHER, cmnd=None, recorded_at=NOON + 2 * DAY),
)
OTHER_WAS_AN_ERROR = (citizen(OTHER), removal(OTHER, NOON + 2 * DAY, "other"))


def orders(
    first: Sequence[RegistryEvent], second: Sequence[RegistryEvent]
) -> Iterator[list[RegistryEvent]]:
    """Yields all orders in which rows of two people may come; those of one keep their order."""
    places = range(len(first) + len(second))
    for of_first in combinations(places, len(first)):
        rows_of_first, rows_of_second = iter(first), iter(second)
        yield [
            next(rows_of_first) if place in of_first else next(rows_of_second) for place in places
        ]


def after(rows: Sequence[RegistryEvent]) -> MemoryPath:
    """Returns the path after a dose on 20 September under the old number, and then the rows."""
    path = MemoryPath()
    path.feed([LATE_DOSE])
    for row in rows:
        path.record([row])
        path.feed_links()
    return path


@pytest.mark.parametrize("others_rows", [OTHER_GAVE_IT_UP, OTHER_WAS_AN_ERROR])
@pytest.mark.parametrize("order", range(6))
def test_a_death_outlasts_another_persons_claim_in_every_order(
    others_rows: Sequence[RegistryEvent], order: int
) -> None:
    rows = list(orders(HOA_HELD_IT_AND_DIED, others_rows))[order]
    path = after(rows)
    assert path.entries_of_people() == {HOA: {LATE_DOSE.event_id}}
    assert path.reasons(DOSE_RECORD.name) == [("dose_after_death",)]


@pytest.mark.parametrize("reason", ["deceased", "moved_away"])
def test_the_end_of_an_earlier_owner_does_not_touch_the_death_of_the_owner(reason: str) -> None:
    """The other died long after the dose: it is not their death that counts."""
    removed = removal(OTHER, NOON + 30 * DAY, reason)  # type: ignore[arg-type] # a parameter
    path = after([citizen(OTHER), *HOA_HELD_IT_AND_DIED, removed])
    assert path.entries_of_people() == {HOA: {LATE_DOSE.event_id}}
    assert path.reasons(DOSE_RECORD.name) == [("dose_after_death",)]


def test_the_death_of_an_earlier_owner_says_nothing_of_the_living_one() -> None:
    died = removal(HOA_CCCD.number, NOON + DAY, "deceased")
    path = after([citizen(), citizen(OTHER), died])
    assert path.entries_of_people() == {PSEUDONYMS.person(OTHER): {LATE_DOSE.event_id}}
    assert path.reasons(DOSE_RECORD.name) == []


def test_a_death_that_was_recalled_stays_recalled() -> None:
    recalled = citizen(recorded_at=NOON + 2 * DAY)
    path = after([*HOA_HELD_IT_AND_DIED, recalled, *OTHER_GAVE_IT_UP])
    assert path.entries_of_people() == {HOA: {LATE_DOSE.event_id}}
    assert path.reasons(DOSE_RECORD.name) == []


UNLINKED_PERSON = PersonId("nobody")


def unlinked(person_id: str | None, reason: Any) -> DocumentUnlinked:
    return DocumentUnlinked(
        document_key=PSEUDONYMS.document(HOA_CMND),
        source="register",
        cause_id=LATE_DOSE.event_id,
        unlinked_at=NOON,
        reason=reason,
        received_at=NOON,
        person_id=PersonId(person_id) if person_id else None,
    )


def older_claims(deceased_at: Any) -> DocumentClaims:
    """Returns claims as they were stored before each death had its person."""
    by_source = {"register": ("hoa", None)}
    others = {"register": [("other", None)]}
    stored = msgspec.msgpack.encode((by_source, 7, ["other"], True, deceased_at, [], others))
    return msgspec.msgpack.decode(stored, type=DocumentClaims)


def test_a_death_of_a_state_stored_before_is_the_owners() -> None:
    claims = older_claims(NOON)
    assert not claims.apply(unlinked("other", "unknown"), 8, UNLINKED_PERSON)
    assert (claims.deceased_at, claims.revision) == (NOON, 7)
    assert claims.apply(unlinked("hoa", "moved_away"), 9, UNLINKED_PERSON)
    assert (claims.deceased_at, claims.revision) == (None, 9)


def test_an_older_record_without_a_person_is_about_everybody_whom_the_register_claims() -> None:
    claims = older_claims(None)
    assert claims.apply(unlinked(None, "deceased"), 8, UNLINKED_PERSON)
    assert claims.deaths == dict.fromkeys(("hoa", "other"), NOON)
    assert claims.current == Claim("hoa", None)
    assert claims.apply(unlinked(None, "unknown"), 9, UNLINKED_PERSON)
    assert not claims.deaths
    assert claims.current is None
    assert claims.deceased_at is None


def test_a_death_where_nobody_is_claimed_is_that_of_the_unlinked_person() -> None:
    claims = DocumentClaims()
    assert claims.apply(unlinked(None, "deceased"), 8, UNLINKED_PERSON)
    assert claims.deceased_at == NOON
    elsewhere = DocumentClaims()
    assert not elsewhere.apply(unlinked("other", "deceased"), 8, UNLINKED_PERSON)
    assert elsewhere.deceased_at is None
