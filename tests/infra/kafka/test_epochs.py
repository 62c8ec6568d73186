"""A record of the topic `log-epochs` that is no adoption keeps no stage from starting."""

from datetime import UTC, datetime

import pytest

from infra.kafka.epochs import adoption_of
from schemas.contract.codec import Codec
from schemas.contract.events import AdoptedPartition, LogAdopted
from schemas.contract.ids import EventId
from tests.streams.fakes import SchemaFiles
from tests.streams.people import citizen

ADOPTED = LogAdopted(
    event_id=EventId("0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"),
    epoch=1,
    cluster_id="a cluster",
    partitions=[AdoptedPartition(topic="scans", topic_id="an id", partition=0, first_offset=7)],
    reason="a test",
    adopted_at=datetime(2021, 9, 20, tzinfo=UTC),
)


def test_an_adoption_is_read() -> None:
    codec = Codec(SchemaFiles())
    assert adoption_of(codec.encode(ADOPTED), codec) == ADOPTED


@pytest.mark.parametrize("value", [None, b"", b"junk", b"\x00\x7f\xff\xff\xffjunk"])
def test_what_cannot_be_read_is_no_adoption(value: bytes | None) -> None:
    assert adoption_of(value, Codec(SchemaFiles())) is None


def test_another_event_is_no_adoption() -> None:
    codec = Codec(SchemaFiles())
    assert adoption_of(codec.encode(citizen()), codec) is None
