"""The times in which a fact is known to be a person's.

Answers as they would have been given earlier rest on it.
"""

from datetime import datetime, timedelta

import pytest

from schemas.contract.events import ScanIdentified
from schemas.contract.topics import JOURNAL
from schemas.domain.documents import Document, DocumentKind
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    HOA_CMND,
    NOON,
    PSEUDONYMS,
    citizen,
    declaration,
    event_id,
    scan,
)

FORM = Document(DocumentKind.PAPER_FORM, "PF2100001230")
FILLED_IN, SAID = NOON + timedelta(hours=1), NOON + timedelta(hours=2)
"""A form, filled in under a CMND, came in; then the register said whose the CMND is."""
OWN_FORM = PSEUDONYMS.person_of(PSEUDONYMS.document(FORM))
OWN_CMND = PSEUDONYMS.person_of(PSEUDONYMS.document(HOA_CMND))


Periods = list[tuple[datetime, datetime]]


def known(path: MemoryPath, name: str) -> dict[str, tuple[datetime | None, Periods]]:
    """Returns since when the scan is each person's, and the periods in which it was.

    The newest entries count; None stands for a person whose it is not.
    """
    newest: dict[str, ScanIdentified] = {}
    for entry in path.topics[JOURNAL.name]:
        if isinstance(entry, ScanIdentified) and entry.entry_id == event_id(f"scan {name}"):
            newest[entry.person_id] = max(
                newest.get(entry.person_id, entry), entry, key=lambda entry: entry.revision
            )
    return {
        person: (None if entry.withdrawn else entry.known_from or entry.received_at, periods(entry))
        for person, entry in newest.items()
    }


def periods(entry: ScanIdentified) -> Periods:
    return [(period.known_from, period.known_until) for period in entry.formerly]


@pytest.mark.parametrize("register_first", [False, True])
def test_a_form_is_known_to_be_of_a_person_of_the_register_only_once_the_register_says_who_that_is(
    *, register_first: bool
) -> None:
    """It makes no difference which of the two the stage handles first."""
    path, form = MemoryPath(), {"paper_serial": FORM.number, "paper_key": PSEUDONYMS.document(FORM)}
    if register_first:
        path.record([citizen(received_at=SAID)])
        path.feed_links()
    path.feed(
        [
            scan("by form", FORM, NOON),
            declaration("on paper", HOA_CMND, FILLED_IN, **form),
            scan("by cmnd", HOA_CMND, FILLED_IN),
        ]
    )
    if not register_first:
        path.record([citizen(received_at=SAID)])
    path.feed_links()
    registered = PSEUDONYMS.person(HOA_CCCD.number)
    assert known(path, "by cmnd") == {registered: (SAID, []), OWN_CMND: (None, [(FILLED_IN, SAID)])}
    assert known(path, "by form") == {
        registered: (SAID, []),
        OWN_CMND: (None, [(FILLED_IN, SAID)]),
        OWN_FORM: (None, [(NOON, FILLED_IN)]),
    }
