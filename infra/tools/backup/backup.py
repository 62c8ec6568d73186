"""Copies a system while it works, so that each part of the copy is behind what comes after it.

First the states with their positions, then the tables, last the topics up to their present ends. So
every record that a state or a table knows is among the records that are copied.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from operator import itemgetter

from infra.errors import Unavailable
from infra.kafka.epochs import read_epochs
from infra.kafka.log_identity import PartitionLog, read_logs
from infra.kafka.offsets import Place
from infra.kafka.registry import Registry
from infra.settings import Settings
from infra.tools.backup.keys import hash_of
from infra.tools.backup.manifest import FORM, CopiedPartition, CopiedSchema, Manifest
from infra.tools.backup.states import copy_states
from infra.tools.backup.store import Store
from infra.tools.backup.tables import copy_table, tables_to_copy
from infra.tools.backup.topics import copy_partition
from schemas.contract.codec import Codec
from schemas.contract.topics import TOPICS

Report = Callable[[str], None]
"""Callback that gets what is copied now."""


def make_backup(settings: Settings, address: str, report: Report) -> Manifest:
    """Returns the manifest of a whole backup.

    Raises `SetupError` where something lies at the address already, and `Unavailable`.
    """
    store = Store(address)
    store.refuse_used()
    registry = Registry(settings)
    report("state of the stages")
    states = copy_states(settings, store)
    tables = []
    for table in tables_to_copy(settings):
        report(f"table {table}")
        tables.append(copy_table(settings, store, table))
    logs = read_logs(settings, [topic.name for topic in TOPICS])
    if not logs:
        raise Unavailable("kafka", "there is no topic to copy")
    partitions = _copy_topics(settings, store, logs, report)
    manifest = Manifest(
        form=FORM,
        made_at=datetime.now(UTC),
        cluster_id=next(iter(logs.values())).log_id.cluster_id,
        newest_epoch=read_epochs(settings, Codec(registry)).newest,
        partition_count=settings.partitions,
        person_key_sha256=hash_of(settings.person_key.get_secret_value()),
        schemas=[CopiedSchema(*schema) for schema in registry.all_schemas()],
        states=states,
        tables=tables,
        partitions=partitions,
    )
    store.write_manifest(manifest)
    return manifest


def _copy_topics(
    settings: Settings, store: Store, logs: Mapping[Place, PartitionLog], report: Report
) -> list[CopiedPartition]:
    copied = []
    for topic in TOPICS:
        report(f"topic {topic}")
        for (name, partition), log in sorted(logs.items(), key=itemgetter(0)):
            if name == topic.name:
                copied.append(copy_partition(settings, store, topic, partition, log))
    return copied
