"""Writes `jars.lock` of the entrants anew (`make lock`).

It names the files that Kafka Streams and a compiler are.
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from infra.settings import Settings
from infra.stack.relock import measure
from infra.stack.repository import maven
from tests.bench.peers.install import COMPILER, JARS_LOCK, STREAMS

if TYPE_CHECKING:
    from jgo.maven import Artifact as MavenArtifact
    from jgo.maven import MavenContext

AVRO, ECLIPSE_COMPILER = "1.12.0", "3.46.0"
HEADER = """\
# The files that the benchmark of peers runs Kafka Streams from, made by `make lock`:
# part, group:name:version:packaging[:classifier], bytes, SHA-256.
"""


def main() -> None:
    with TemporaryDirectory() as scratch:
        lines = sorted(
            {measure(part, file).line for part, file in wanted(maven(Path(scratch)), Settings())}
        )
    JARS_LOCK.write_text(HEADER + "\n".join(lines) + "\n")


def wanted(context: "MavenContext", settings: Settings) -> Iterator[tuple[str, "MavenArtifact"]]:
    """Yields part and artifact; a library that both need comes as Kafka was made with it."""
    artifacts = dict[tuple[str, str], "MavenArtifact"]()
    for library in (
        f"org.apache.kafka:kafka-streams:{settings.kafka_version}",
        f"org.apache.avro:avro:{AVRO}",
    ):
        inputs, below = context.resolver.resolve([context.create_dependency(library)])
        for dependency in (*inputs, *below):
            artifacts.setdefault(
                (dependency.artifact.groupId, dependency.artifact.artifactId), dependency.artifact
            )
    yield from ((STREAMS, artifact) for artifact in artifacts.values())
    yield (
        COMPILER,
        context.project("org.eclipse.jdt", "ecj").at_version(ECLIPSE_COMPILER).artifact(),
    )


if __name__ == "__main__":
    main()
