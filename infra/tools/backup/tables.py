"""Copies the tables that the log does not make whole: what fills them is kept for a time only."""

from pathlib import Path

from infra.clickhouse.client import AWAY, connect
from infra.errors import Unavailable
from infra.settings import Settings
from infra.tools.backup.manifest import CopiedTable
from infra.tools.backup.store import CHUNK_BYTES, Store
from infra.tools.rebuild.log import incomplete
from infra.tools.rebuild.models import READ_MODELS, topics_of

HERE = Path(__file__).parent
COPIED_ROWS = (HERE / "copied_rows.sql").read_text(encoding="utf-8")
ROW_COUNT = (HERE / "row_count.sql").read_text(encoding="utf-8")
FORMAT = "Native"
TIMEOUT_S = 6 * 3600.0


def tables_to_copy(settings: Settings) -> list[str]:
    """Returns the read models of which a topic is not kept for ever, or has lost records.

    Raises `Unavailable`.
    """
    lack_records = incomplete(settings, READ_MODELS)
    tables = []
    for model in READ_MODELS:
        topics = topics_of([model])
        is_kept = all(topic.retention_days is None for topic in topics)
        if not is_kept or model.table in lack_records:
            tables.append(model.table)
    return tables


def copy_table(settings: Settings, store: Store, table: str) -> CopiedTable:
    """Raises `Unavailable`."""
    try:
        with (
            connect(settings, "writer", timeout_s=TIMEOUT_S) as client,
            store.writing(f"tables/{table}.native") as written,
            client.raw_stream(COPIED_ROWS, parameters={"table": table}, fmt=FORMAT) as stream,
        ):
            rows = int(client.query(ROW_COUNT, parameters={"table": table}).result_rows[0][0])
            while chunk := stream.read(CHUNK_BYTES):
                written.write(chunk)
    except AWAY as error:
        raise Unavailable("clickhouse", f"{table}: {type(error).__name__}") from error
    return CopiedTable(table, rows, written.file)


def restore_table(settings: Settings, store: Store, copied: CopiedTable) -> None:
    """Adds the rows; views fill from them what they fill. Raises `Unavailable`."""
    try:
        with (
            connect(settings, "writer", timeout_s=TIMEOUT_S) as client,
            store.reading(copied.file) as source,
        ):
            client.raw_insert(copied.table, insert_block=source, fmt=FORMAT)
    except AWAY as error:
        raise Unavailable("clickhouse", f"{copied.table}: {type(error).__name__}") from error
