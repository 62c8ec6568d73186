"""Runs the local Kafka: one node that is broker and controller, in KRaft mode."""

import base64
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

from infra.environment import for_child
from infra.errors import SetupError
from infra.settings import Settings
from infra.stack.java import invocation

LOG_LAYOUT = Path(__file__).with_name("log4j2.properties")


def _directory(settings: Settings) -> Path:
    return settings.data_dir.resolve() / "kafka"


def command(settings: Settings) -> list[str]:
    return [*_kafka(settings), "kafka.Kafka", str(_directory(settings) / "server.properties")]


def _kafka(settings: Settings) -> list[str]:
    jars = settings.cache_dir.resolve() / "jars" / "kafka" / "*"
    layout = f"-Dlog4j2.configurationFile={LOG_LAYOUT}"
    return [*invocation(settings, "kafka", settings.kafka_heap_mb), layout, "-cp", str(jars)]


def prepare(settings: Settings) -> None:
    """Writes the configuration, and formats the storage the first time only."""
    place = _directory(settings)
    place.mkdir(parents=True, exist_ok=True)
    configuration = place / "server.properties"
    lines = [f"{name}={value}\n" for name, value in properties(settings).items()]
    configuration.write_text("".join(lines))
    if not (place / "log" / "meta.properties").exists():
        _format_storage(settings, configuration)


def _format_storage(settings: Settings, configuration: Path) -> None:
    command = [*_kafka(settings), "kafka.tools.StorageTool", "format", "--standalone"]
    command += ["-t", cluster_id(), "-c", str(configuration)]
    done = subprocess.run(
        command, env=for_child(settings), capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise SetupError(f"Kafka could not format {_directory(settings)}: {' '.join(last)}")


def cluster_id(draw: Callable[[], uuid.UUID] = uuid.uuid4) -> str:
    """Returns an id as Kafka draws its own.

    The id never begins with a dash, which Kafka's tool would take for an option.
    """
    while True:
        drawn = base64.urlsafe_b64encode(draw().bytes).decode().rstrip("=")
        if not drawn.startswith("-"):
            return drawn


def properties(settings: Settings) -> dict[str, object]:
    client = f"{settings.host}:{settings.kafka_port}"
    controller = f"{settings.host}:{settings.kafka_controller_port}"
    return {
        "process.roles": "broker,controller",
        "node.id": 1,
        "controller.quorum.bootstrap.servers": controller,
        "listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}",
        "controller.listener.names": "CONTROLLER",
        "inter.broker.listener.name": "PLAINTEXT",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "log.dirs": _directory(settings) / "log",
        **ONE_NODE,
        **SMALL_MACHINE,
        "auto.create.topics.enable": "false",
        "message.max.bytes": 8 * 1024 * 1024,
        "group.min.session.timeout.ms": 3_000,
    }


ONE_NODE = {
    "offsets.topic.replication.factor": 1,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    "group.initial.rebalance.delay.ms": 0,
    # After a kill the node waits this long for its own earlier self.
    "broker.session.timeout.ms": 5_000,
    "broker.heartbeat.interval.ms": 1_000,
}
SMALL_MACHINE = {
    "num.network.threads": 2,
    "num.io.threads": 4,
    "background.threads": 4,
    "log.cleaner.dedupe.buffer.size": 16 * 1024 * 1024,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.num.partitions": 4,
    "share.coordinator.state.topic.num.partitions": 4,
}
