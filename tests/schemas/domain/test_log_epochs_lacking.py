"""An adopted log lacks records that were read, unless the adoption says it is whole."""

from datetime import UTC, datetime

from schemas.contract.events import AdoptedPartition, LogAdopted
from schemas.contract.ids import EventId
from schemas.domain.log_epochs import LogEpochs


def adopted(*partitions: AdoptedPartition) -> LogAdopted:
    return LogAdopted(
        event_id=EventId("an adoption"),
        epoch=1,
        cluster_id="a cluster",
        partitions=list(partitions),
        reason="a test",
        adopted_at=datetime(2021, 9, 20, tzinfo=UTC),
    )


def test_a_log_that_begins_anew_lacks_what_was_read() -> None:
    epochs = LogEpochs.of([adopted(AdoptedPartition("scans", "made again", 0, 0))])
    assert epochs.lacking == {"made again"}


def test_a_restored_log_lacks_only_what_its_backup_lacked() -> None:
    whole = AdoptedPartition("scans", "restored", 0, 700, whole=True)
    cut_by_retention = AdoptedPartition("tests", "restored late", 0, 700)
    assert LogEpochs.of([adopted(whole, cut_by_retention)]).lacking == {"restored late"}
    assert LogEpochs.of([]).lacking == set()
