"""Read this first: one declaration and one scan travel the whole path.

They go from the door through every topic and stage into ClickHouse and back out.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from confluent_kafka import Consumer, TopicPartition

from infra.clickhouse.client import connect
from infra.kafka.registry import Registry
from infra.tools.doors_client import DoorsClient
from schemas.contract.codec import Codec
from schemas.contract.errors import Poison
from schemas.contract.events import (
    CheckpointScanned,
    DeclarationSubmitted,
    FlagRaised,
    JourneyIdentified,
    ScanIdentified,
    VerdictReached,
)
from schemas.contract.topics import CHECKPOINT_SCANS, DECLARATIONS, FLAGS, JOURNAL, VERDICTS, Topic
from schemas.domain.documents import Document, DocumentKind
from schemas.domain.pseudonyms import Pseudonyms
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S, wait_until

pytestmark = pytest.mark.live

READ_S = 30.0
"""A topic that is read once without the wanted event is read again."""

HOA = {
    "document_number": "051190777001",
    "full_name": "NGUYEN THI HOA",
    "birth_date": "17/02/1990",
    "sex": "Nữ",
}
CITY, COAST = "21025", "21439"
HOA_IN_REGISTER = {
    "full_name": "Nguyễn Thị Hòa",
    "birth_date": "1990-02-17",
    "sex": "female",
    "permanent_code": CITY,
}


class Path:
    """The running system is seen from outside and from within."""

    def __init__(self, stack: RunningStack) -> None:
        self.settings = stack.settings
        self.codec = Codec(Registry(stack.settings))
        self.doors = DoorsClient(stack.settings, "admin")
        pseudonyms = Pseudonyms(stack.settings.person_key.get_secret_value())
        self.document_key = pseudonyms.document(Document(DocumentKind.CCCD, HOA["document_number"]))
        self.person_id = pseudonyms.person(HOA["document_number"])

    def on_topic(self, topic: Topic, event_type: type[Any], **wanted: object) -> Any:
        """Returns the event of this type with these values, once it is on the topic."""

        def found() -> Any:
            for event in self._events(topic):
                if isinstance(event, event_type) and _has(event, wanted):
                    return event
            return None

        return wait_until(found, what=f"{event_type.__name__} on {topic}", poll_s=0.2)

    def in_clickhouse(self, query: str, **parameters: object) -> list[dict[str, Any]]:
        def rows() -> list[dict[str, Any]]:
            with connect(self.settings, "reader") as client:
                return list(client.query(query, parameters=parameters).named_results())

        return wait_until(rows, what=query, poll_s=0.2)

    def _events(self, topic: Topic) -> Iterator[Any]:
        consumer = Consumer(
            {
                "bootstrap.servers": self.settings.kafka,
                "group.id": "reader-of-the-path",
                "enable.auto.commit": False,
            }
        )
        filled = []
        unread = 0
        for number in range(topic.partitions or self.settings.partitions):
            partition = TopicPartition(topic.name, number, 0)
            _, end = consumer.get_watermark_offsets(partition, timeout=BOUND_S)
            if end:
                filled.append(partition)
                unread += end
        consumer.assign(filled)
        deadline = time.monotonic() + READ_S
        try:
            while unread and time.monotonic() < deadline:
                message = consumer.poll(0.5)
                if message is None or message.error():
                    continue
                unread -= 1
                with suppress(Poison):  # Other tests of the run leave some.
                    yield self.codec.decode(message.value())
        finally:
            consumer.close()


def _has(event: object, wanted: dict[str, object]) -> bool:
    return all(getattr(event, name) == value for name, value in wanted.items())


@pytest.fixture
def path(stack: RunningStack) -> Iterator[Path]:
    path = Path(stack)
    with path.doors:
        yield path


def test_a_declaration_and_a_scan_travel_the_whole_path(path: Path) -> None:
    # The register knows Hoà. The checkpoint stands on the coast, which is red since nine in the
    # morning.
    path.doors.put(
        "/reference/checkpoints/of-the-path",
        {"name": "Chốt", "unit_code": COAST, "valid_from": "2021-05-13"},
    )
    path.doors.put(
        f"/reference/zones/{COAST}",
        {"level": "red", "valid_from": "2021-09-15T09:00:00", "valid_to": "2021-09-15T18:00:00"},
    )
    path.doors.post(
        "/registry/citizens", {"person_number": HOA["document_number"], **HOA_IN_REGISTER}
    )
    path.in_clickhouse(
        "SELECT 1 FROM person_documents WHERE document_key = {key:String} AND source = 'register'",
        key=path.document_key,
    )

    # She declares a journey to the coast. 202 means that the broker has it, keyed by her card's
    # pseudonym.
    journey = {
        "origin_code": CITY,
        "destination_code": COAST,
        "departure_at": "15/09/2021 10:00",
        "declared_at": "15/09/2021 08:00",
    }
    declared = path.doors.post("/declarations", HOA | journey)
    submitted = path.on_topic(
        DECLARATIONS, DeclarationSubmitted, declaration_id=declared["declaration_id"]
    )
    assert submitted.document_key == path.document_key
    assert submitted.full_name == "NGUYEN THI HOA"

    # identify writes it to her journal: the pseudonym, the facts, how the name compares. The name
    # itself stays behind.
    entry = path.on_topic(JOURNAL, JourneyIdentified, entry_id=submitted.event_id, withdrawn=False)
    assert entry.person_id == path.person_id
    assert entry.known is True
    assert entry.match_name == "near"
    assert entry.match_birth_date == "equal"

    # screen raises a flag: the coast was red when she was to arrive.
    flag = path.on_topic(FLAGS, FlagRaised, subject=submitted.event_id)
    assert flag.rule == "red_zone_crossing"
    assert flag.reasons == ["enters_red_zone"]
    assert flag.causes == [submitted.event_id]

    # At the checkpoint she shows the code; the team has the verdict in the answer.
    scanned = {
        "shown": declared["token"],
        "checkpoint_id": "of-the-path",
        "direction": "in",
        "scanned_at": "15/09/2021 10:30",
    }
    verdict = path.doors.post("/scans?wait_ms=30000", scanned)
    assert verdict["decision"] == "turn_back"
    assert verdict["shown_kind"] == "token"
    assert [reason["code"] for reason in verdict["reasons"]] == ["enters_red_zone"]

    # The scan carried no number, only the code's pseudonym, and went the same way.
    scan_id = verdict["scan_id"]
    scan = path.on_topic(CHECKPOINT_SCANS, CheckpointScanned, event_id=scan_id)
    assert scan.document_number is None
    scan_entry = path.on_topic(JOURNAL, ScanIdentified, entry_id=scan_id)
    assert scan_entry.person_id == path.person_id
    reached = path.on_topic(VERDICTS, VerdictReached, scan_id=scan_id)
    assert reached.flag_ids == verdict["flag_ids"]

    # project has put it all into ClickHouse, and the doors answer from there.
    path.in_clickhouse(
        "SELECT 1 FROM scans FINAL WHERE person_id = {person:String}", person=path.person_id
    )
    path.in_clickhouse("SELECT 1 FROM verdicts FINAL WHERE scan_id = {scan:UUID}", scan=scan_id)
    path.in_clickhouse(
        "SELECT 1 FROM flags FINAL WHERE person_id = {person:String} HAVING count() = 2",
        person=path.person_id,
    )
    timeline = path.doors.get(f"/people/{path.person_id}/timeline")["items"]
    assert [item["kind"] for item in timeline] == ["declaration", "flag open", "flag open", "scan"]
    assert timeline[-1]["what"]["decision"] == "turn_back"
    case = {"person_id": path.person_id, "since": "2021-09-14", "isolated_at": "2021-09-17"}
    trace = path.doors.post("/traces/forward", case)
    assert [stay["place"] for stay in trace["milestones"]] == ["post:of-the-path"]
