"""Speaks to the parts of a stack with plain clients, and to the stack with its own command."""

import http.client
import json
import subprocess
import sys

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from infra.settings import Settings
from tests.running_stack import RunningStack
from tests.waiting import wait_until

DIBIENDONG = [sys.executable, "-c", "from infra.tools.cli import main; main()"]


def dibiendong(stack: RunningStack, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*DIBIENDONG, *words],
        env=stack.env | more,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def create_topic(settings: Settings, name: str) -> None:
    admin = AdminClient({"bootstrap.servers": settings.kafka, "log_level": 0})
    topic = NewTopic(name, num_partitions=1, replication_factor=1)
    for future in admin.create_topics([topic]).values():
        future.result(20)


def produce(settings: Settings, topic: str, value: bytes) -> None:
    producer = Producer({"bootstrap.servers": settings.kafka, "acks": "all", "log_level": 0})
    producer.produce(topic, value)
    assert producer.flush(20) == 0


def first_record(settings: Settings, topic: str) -> bytes:
    consumer = Consumer({"bootstrap.servers": settings.kafka, "group.id": "reader", "log_level": 0})
    consumer.assign([TopicPartition(topic, 0, 0)])
    try:
        record = wait_until(lambda: consumer.poll(1.0), what="a record")
        return bytes(record.value() or b"")
    finally:
        consumer.close()


def registry_call(
    settings: Settings, method: str, path: str, body: dict[str, str] | None = None
) -> object:
    headers = {"Content-Type": "application/vnd.schemaregistry.v1+json"}
    text = json.dumps(body) if body else None
    path = f"/apis/ccompat/v7{path}"
    return json.loads(_call(settings, settings.registry_port, method, path, text, headers))


def clickhouse_call(settings: Settings, query: str) -> str:
    password = settings.clickhouse_writer_password.get_secret_value()
    account = {"X-ClickHouse-User": "writer", "X-ClickHouse-Key": password}
    return _call(settings, settings.clickhouse_port, "POST", "/", query, account).strip()


def _call(
    settings: Settings, port: int, method: str, path: str, body: str | None, headers: dict[str, str]
) -> str:
    connection = http.client.HTTPConnection(settings.host, port, timeout=10)
    connection.request(method, path, body, headers)
    response = connection.getresponse()
    content = response.read().decode()
    connection.close()
    assert response.status == http.client.OK, content
    return content
