"""`code_of_another` at its edges: whose the code is that was shown beside a card."""

from datetime import timedelta
from typing import Any

from schemas.contract.events import CheckpointScanned
from schemas.domain.documents import Document
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    HOA_CMND,
    NOON,
    PSEUDONYMS,
    citizen,
    declaration,
    declaration_id,
    scan,
)

MINUTE = timedelta(minutes=1)


def checked(name: str, document: Document, **fields: Any) -> CheckpointScanned:
    """Scans our code, beside which the document was checked."""
    return scan(name, document, NOON + MINUTE, shown_kind="token", **fields)


def test_a_code_is_another_person_s_until_a_link_shows_that_it_is_ones_own() -> None:
    path = MemoryPath()
    code = {"declaration_id": declaration_id("a"), "code_key": PSEUDONYMS.document(HOA_CMND)}
    path.feed([declaration("a", HOA_CMND), checked("s", HOA_CCCD, **code)])
    assert path.reasons("code_of_another") == [("code_of_another_person",)]
    path.record([citizen()])
    path.feed_links()
    assert path.reasons("code_of_another") == []


def test_a_code_of_ones_own_document_is_ones_own_before_the_declaration_arrives() -> None:
    path = MemoryPath()
    path.feed(
        [
            checked(
                "s",
                HOA_CCCD,
                declaration_id=declaration_id("late"),
                code_key=PSEUDONYMS.document(HOA_CCCD),
            )
        ]
    )
    assert path.reasons("code_of_another") == []
