"""Quix Streams' entrant processes with state as its documentation shows.

It runs in an environment of its own (`quix.lock`).
"""

import sys
from typing import Any

from quixstreams import Application, State

from tests.bench.peers.job import Task, flag_writer, scan_reader, speed_limit


def main() -> None:
    task = Task.read(sys.argv[1])
    read, write, too_fast = scan_reader(task), flag_writer(task), speed_limit(task.posts)

    def judge(
        value: bytes, key: bytes, _timestamp: int, _headers: Any, state: State
    ) -> bytes | None:
        scan, before = read(value), state.get("last")
        state.set("last", scan)
        if before is None or not too_fast(before, scan):
            return None
        return write(key.decode(), before, scan)

    app = Application(
        broker_address=task.bootstrap,
        consumer_group=task.group,
        auto_offset_reset="earliest",
        state_dir=task.directory,
        consumer_extra_config={"session.timeout.ms": task.session_timeout_ms},
        loglevel="WARNING",
    )
    scans = app.dataframe(app.topic(task.source, value_deserializer="bytes"))
    flags = scans.apply(judge, stateful=True, metadata=True).filter(lambda flag: flag is not None)
    flags.to_topic(app.topic(task.sink, value_serializer="bytes"))
    app.run()


if __name__ == "__main__":
    main()
