"""The ceiling does the same job in a bare loop over confluent-kafka.

It keeps the last scans in a dictionary that dies with the process.
"""

import sys

from confluent_kafka import Consumer, Producer

from tests.bench.peers.job import Seen, Task, flag_writer, scan_reader, speed_limit

RECORDS_AT_A_TIME, WAIT_S = 10_000, 0.1


def main() -> None:
    task = Task.read(sys.argv[1])
    read, write, too_fast = scan_reader(task), flag_writer(task), speed_limit(task.posts)
    consumer = Consumer(
        {
            "bootstrap.servers": task.bootstrap,
            "group.id": task.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "session.timeout.ms": task.session_timeout_ms,
        }
    )
    producer = Producer(
        {
            "bootstrap.servers": task.bootstrap,
            "enable.idempotence": True,
            "compression.type": "lz4",
            "linger.ms": 5,
        }
    )
    consumer.subscribe([task.source])
    last = dict[str, Seen]()
    while True:
        messages = consumer.consume(RECORDS_AT_A_TIME, WAIT_S)
        for message in messages:
            document_key, scan = message.key().decode(), read(message.value())
            before = last.get(document_key)
            if before is not None and too_fast(before, scan):
                producer.produce(task.sink, write(document_key, before, scan), document_key)
            last[document_key] = scan
        if messages:
            producer.flush()
            consumer.commit(asynchronous=False)


if __name__ == "__main__":
    main()
