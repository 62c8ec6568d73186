"""Makes a system of a backup, in an empty cluster, under a new epoch.

The topics are made anew with equal offsets, so that every position and every version that the
backup has means what it meant. What is written from then on belongs to the next epoch, and wins
over anything that a lost part of the former system may have written elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from infra.clickhouse.client import connect
from infra.clickhouse.migrate import migrate
from infra.errors import SetupError
from infra.kafka.epochs import adoption_of
from infra.kafka.log_identity import LogId, PartitionLog, read_logs
from infra.kafka.offsets import Place
from infra.kafka.provision import provision
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.tools.adoption import Adoption, adopt
from infra.tools.backup.backup import Report
from infra.tools.backup.keys import hash_of
from infra.tools.backup.manifest import CopiedPartition, Manifest
from infra.tools.backup.states import restore_states
from infra.tools.backup.store import Store
from infra.tools.backup.tables import restore_table
from infra.tools.backup.topics import LogWriter, Rewrite, restore_partition
from schemas.contract.codec import Codec
from schemas.contract.events import AdoptedPartition
from schemas.contract.topics import LOG_EPOCHS, TOPICS

HERE = Path(__file__).parent
DATABASE_TABLES = (HERE / "database_tables.sql").read_text(encoding="utf-8")


def restore_backup(settings: Settings, address: str, report: Report) -> Manifest:
    """Returns the backup's manifest when everything is in its place and the stages may start.

    Raises `SetupError` where the target is not empty or the settings do not fit, `Unavailable`.
    """
    store = Store(address)
    manifest = store.read_manifest()
    _refuse_other_settings(settings, manifest)
    _refuse_what_is_not_empty(settings)
    registry = Registry(settings)
    report("schemas")
    registry.restore([(each.schema_id, each.subject, each.text) for each in manifest.schemas])
    provision(settings)
    log_ids = {name: log.log_id for (name, _), log in _logs(settings).items()}
    codec = Codec(registry)
    writer = LogWriter(settings)
    for copied in manifest.partitions:
        report(f"topic {copied.topic}[{copied.partition}]")
        rewrite = _rewrite(copied, manifest, log_ids, codec)
        restore_partition(settings, store, writer, copied, rewrite)
    report("state of the stages")
    restore_states(settings, store, manifest.states, log_ids)
    migrate(settings)
    for table in manifest.tables:
        report(f"table {table.table}")
        restore_table(settings, store, table)
    report("the next epoch")
    adopt(settings, codec, _next_epoch(manifest, log_ids), f"restored from {address}")
    return manifest


def _refuse_other_settings(settings: Settings, manifest: Manifest) -> None:
    if manifest.partition_count != settings.partitions:
        raise SetupError(
            f"The backup has {manifest.partition_count} partitions: "
            f"set DIBIENDONG_PARTITIONS={manifest.partition_count}."
        )
    if manifest.person_key_sha256 != hash_of(settings.person_key.get_secret_value()):
        raise SetupError(
            "DIBIENDONG_PERSON_KEY is not the key of the pseudonyms in this backup: "
            "take it from the wrapped keys ('dibiendong restore-keys')."
        )


def _refuse_what_is_not_empty(settings: Settings) -> None:
    if any(log.end for log in _logs(settings).values()):
        raise SetupError(
            "The cluster has records already: restore into empty servers and an empty data "
            "directory. One that was cut off begins anew in the same way."
        )
    with connect(settings, "writer", database="default") as client:
        named = {"database": settings.clickhouse_database}
        tables = client.query(DATABASE_TABLES, parameters=named).result_rows[0][0]
    if tables:
        raise SetupError(
            f"ClickHouse has a database {settings.clickhouse_database} with tables already: "
            "restore into an empty one."
        )


def _logs(settings: Settings) -> Mapping[Place, PartitionLog]:
    return read_logs(settings, [topic.name for topic in TOPICS])


def _rewrite(
    copied: CopiedPartition, manifest: Manifest, log_ids: Mapping[str, LogId], codec: Codec
) -> Rewrite | None:
    """Returns how values of this topic change: adoptions name ids of topics, now others."""
    if copied.topic != LOG_EPOCHS.name:
        return None
    new_ids = {old.topic_id: log_ids[old.topic].topic_id for old in manifest.partitions}

    def with_new_ids(value: bytes | None) -> bytes | None:
        adopted = adoption_of(value, codec)
        if adopted is None:
            return value
        partitions = []
        for partition in adopted.partitions:
            topic_id = new_ids.get(partition.topic_id, partition.topic_id)
            partitions.append(replace(partition, topic_id=topic_id))
        return codec.encode(replace(adopted, partitions=partitions))

    return with_new_ids


def _next_epoch(manifest: Manifest, log_ids: Mapping[str, LogId]) -> Adoption:
    """Returns the epoch of all that is written behind the restored records."""
    partitions = []
    for copied in manifest.partitions:
        topic_id = log_ids[copied.topic].topic_id
        place = copied.topic, topic_id, copied.partition
        partitions.append(AdoptedPartition(*place, copied.end, whole=copied.start == 0))
    cluster_id = next(iter(log_ids.values())).cluster_id
    return Adoption(manifest.newest_epoch + 1, cluster_id, tuple(partitions), ())
