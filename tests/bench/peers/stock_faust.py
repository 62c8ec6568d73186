"""Stock Faust's entrant uses tables as its documentation shows.

It has its own consumer, and a table in RocksDB with a changelog.
"""

import sys
from typing import Any

import faust

from tests.bench.peers.job import Task, flag_writer, scan_reader, speed_limit


def main() -> None:
    task = Task.read(sys.argv[1])
    read, write, too_fast = scan_reader(task), flag_writer(task), speed_limit(task.posts)
    app = faust.App(
        task.group,
        broker=f"kafka://{task.bootstrap}",
        store="rocksdb://",
        datadir=task.directory,
        topic_partitions=task.partitions,
        topic_replication_factor=1,
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=task.session_timeout_ms / 1000,
        broker_heartbeat_interval=task.session_timeout_ms / 4000,
        web_enabled=False,
    )
    scans = app.topic(task.source, key_serializer="raw", value_serializer="raw")
    flags = app.topic(task.sink, key_serializer="raw", value_serializer="raw")
    last: Any = app.Table("last", partitions=task.partitions)

    @app.agent(scans)  # type: ignore[untyped-decorator] # Faust has no types
    async def judge(stream: Any) -> None:
        async for key, value in stream.items():
            document_key, scan = key.decode(), read(value)
            before = last.get(document_key)
            if before is not None and too_fast(before, scan):
                await flags.send(key=key, value=write(document_key, before, scan))
            last[document_key] = scan

    faust.Worker(app, loglevel="INFO").execute_from_commandline()


if __name__ == "__main__":
    main()
