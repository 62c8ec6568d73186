"""`reused_id` at its edges: whose entry is flagged when two documents have one id."""

from datetime import timedelta

from schemas.contract.events import DoorEvent
from tests.streams.memory_path import MemoryPath
from tests.streams.people import (
    HOA_CCCD,
    HOA_CMND,
    NOON,
    PSEUDONYMS,
    checkpoint,
    citizen,
    declaration,
    reuse,
    scan,
)

LATER = NOON + timedelta(hours=1)


def path_of(*events: DoorEvent) -> MemoryPath:
    path = MemoryPath()
    path.decide(checkpoint())
    path.record([citizen()])
    path.feed_links()
    path.feed(events)
    return path


def test_the_scan_that_came_second_is_flagged() -> None:
    scanned = scan("under a used id", at=LATER)
    path = path_of(declaration("before"), scanned, reuse(scanned.event_id, at=LATER))
    assert path.reasons("reused_id") == [("scan_id_reused",)]
    (subject,) = [found for rule, found in path.rules_found() if rule == "reused_id"]
    assert subject == scanned.event_id


def test_a_scan_without_a_reuse_is_not() -> None:
    path = path_of(declaration("before"), scan("under its own id", at=LATER))
    assert path.reasons("reused_id") == []


def test_a_declaration_that_came_second_is_flagged_and_sends_the_next_scan_to_the_papers() -> None:
    declared = declaration("under a used id")
    noticed = reuse(declared.event_id, id_kind="declaration", reused_id=declared.declaration_id)
    path = path_of(declared, noticed, scan("on the way", at=LATER))
    assert path.reasons("reused_id") == [("declaration_id_reused",)]
    (verdict,) = path.verdicts().values()
    assert verdict.decision == "check_papers"
    assert "declaration_id_reused" in verdict.reasons


def test_two_doors_that_notice_it_raise_one_flag() -> None:
    scanned = scan("under a used id", at=LATER)
    noticed = reuse(scanned.event_id, at=LATER)
    path = path_of(declaration("before"), scanned, noticed, noticed)
    assert path.reasons("reused_id") == [("scan_id_reused",)]


def test_the_flag_follows_the_document_to_its_owner() -> None:
    scanned = scan("by cmnd", HOA_CMND, LATER)
    path = MemoryPath()
    path.decide(checkpoint())
    path.feed([declaration("before"), scanned, reuse(scanned.event_id, HOA_CMND, LATER)])
    path.record([citizen()])
    path.feed_links()
    flags = [flag for flag in path.open_flags().values() if flag[0] == "reused_id"]
    assert [person for _, person, *_ in flags] == [PSEUDONYMS.person(HOA_CCCD.number)]
