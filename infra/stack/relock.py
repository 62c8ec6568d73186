"""Writes `jars.lock` anew (`make lock`).

It resolves what each part needs, and records size and SHA-256 of every file.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from infra.settings import Settings
from infra.stack.artifacts import LOCK, Artifact, sha256_of
from infra.stack.repository import maven

if TYPE_CHECKING:
    from jgo.maven import Artifact as MavenArtifact
    from jgo.maven import MavenContext

LOG4J_OF_KAFKA = "2.25.5"
HEADER = """\
# The files that the local stack runs on the Java runtime, made by `make lock`:
# part, group:name:version:packaging[:classifier], bytes, SHA-256.
"""


def main() -> None:
    with TemporaryDirectory() as scratch:
        context = maven(Path(scratch))
        files = _wanted(context, Settings())
        lines = sorted({measure(part, file).line for part, file in files})
    LOCK.write_text(HEADER + "\n".join(lines) + "\n")
    sys.stdout.write(f"{LOCK.name}: {len(lines)} files\n")


def _wanted(context: "MavenContext", settings: Settings) -> Iterator[tuple[str, "MavenArtifact"]]:
    """Yields each file with the part that needs it."""
    kafka = context.create_dependency(f"org.apache.kafka:kafka_2.13:{settings.kafka_version}")
    inputs, below = context.resolver.resolve([kafka])
    yield from (("kafka", dependency.artifact) for dependency in (*inputs, *below))
    # Kafka logs through slf4j and leaves the choice of a binding to its packager.
    binding = context.project("org.apache.logging.log4j", "log4j-slf4j-impl").at_version(
        LOG4J_OF_KAFKA
    )
    yield "kafka", binding.artifact()
    registry = context.project("io.apicurio", "apicurio-registry-app").at_version(
        settings.registry_version
    )
    yield "registry", registry.artifact("all", "tar.gz")


def measure(part: str, file: "MavenArtifact") -> Artifact:
    """Downloads the file, and returns it with its size and hash."""
    blank = Artifact(
        part, file.groupId, file.artifactId, file.version, file.packaging, file.classifier, 0, ""
    )
    path = file.resolve()
    return replace(blank, size=path.stat().st_size, sha256=sha256_of(path))


if __name__ == "__main__":
    main()
