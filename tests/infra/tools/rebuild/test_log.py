"""A log that lost records makes no table whole, whether retention took them or a disk."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from infra.errors import SetupError
from infra.kafka.log_identity import LogId, PartitionLog
from infra.settings import Settings
from infra.tools.backup.tables import tables_to_copy
from infra.tools.rebuild import log
from infra.tools.rebuild.log import incomplete, refuse_incomplete
from infra.tools.rebuild.models import named
from infra.tools.rebuild.stages import rebuild_stage
from schemas.contract.events import AdoptedPartition, LogAdopted
from schemas.contract.ids import EventId
from schemas.domain.log_epochs import LogEpochs
from tests.plain_settings import plain_settings

SCANS, ZONES = named(["scans", "reference_zones"])
Adopt = Callable[..., None]


@pytest.fixture
def settings() -> Settings:
    return plain_settings()


@pytest.fixture
def adopt(monkeypatch: pytest.MonkeyPatch) -> Adopt:
    """Yields what notes the adoption of a topic; all logs begin at offset 0."""
    adoptions: list[LogAdopted] = []
    logs = {}
    for name in ("journal", "reference"):
        logs[name, 0] = PartitionLog(LogId("cluster", name), start=0, end=9)
    monkeypatch.setattr(log, "read_logs", lambda *_: logs)
    monkeypatch.setattr(log, "read_epochs", lambda *_: LogEpochs.of(adoptions))

    def note(topic: str, *, whole: bool = False) -> None:
        partition = AdoptedPartition(topic, topic, 0, 0, whole)
        event = LogAdopted(
            event_id=EventId("0f0f0f0f-0f0f-0f0f-0f0f-0f0f0f0f0f0f"),
            epoch=len(adoptions) + 1,
            cluster_id="cluster",
            partitions=[partition],
            reason="a test",
            adopted_at=datetime.now(UTC),
        )
        adoptions.append(event)

    return note


def test_a_log_in_place_of_a_lost_one_is_not_rebuilt_from(settings: Settings, adopt: Adopt) -> None:
    """It begins at offset 0, and has nothing of what was before."""
    refuse_incomplete(settings, [SCANS, ZONES])
    adopt("journal")
    assert incomplete(settings, [SCANS, ZONES]) == {"scans": ["journal"]}
    with pytest.raises(
        SetupError, match=r"lose their rows: scans \(journal\)\. .* reference_zones"
    ):
        refuse_incomplete(settings, [SCANS, ZONES])
    with pytest.raises(SetupError, match=r"records of journal, .* the state of screen"):
        rebuild_stage(settings, "screen", lambda *_: None)


def test_a_log_restored_from_a_backup_is_whole(settings: Settings, adopt: Adopt) -> None:
    adopt("journal", whole=True)
    assert incomplete(settings, [SCANS]) == {}


def test_a_backup_has_the_tables_that_a_lost_log_leaves_alone_with_their_rows(
    settings: Settings, adopt: Adopt
) -> None:
    assert "identity_vault" in tables_to_copy(settings)
    assert "scans" not in tables_to_copy(settings)
    adopt("journal")
    assert {"scans", "identity_vault"} <= set(tables_to_copy(settings))
