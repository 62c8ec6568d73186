"""Installs Kafka Streams and compiles its entrant beside the project's own files.

That happens at its first start.
"""

from pathlib import Path

from infra.settings import Settings
from infra.stack.artifacts import read_lock, stored
from infra.stack.fetch import fetch_all
from infra.stack.java import java
from tests.bench.environments import key_of, run

HERE = Path(__file__).parent
JARS_LOCK, SOURCE = HERE / "jars.lock", HERE / "ImpossibleSpeed.java"
STREAMS, COMPILER = "kafka-streams", "java-compiler"
JAVA_LANGUAGE = "21"


def streams_classes(settings: Settings) -> str:
    """Returns the class path with Kafka Streams and the compiled entrant on it.

    The Eclipse compiler needs no development kit.
    """
    artifacts = read_lock(JARS_LOCK)
    fetch_all(artifacts, settings.cache_dir)
    jars = {STREAMS: list[Path](), COMPILER: list[Path]()}
    for artifact in artifacts:
        jars[artifact.part].append(stored(artifact, settings.cache_dir))
    classes = settings.cache_dir.resolve() / "bench" / f"classes-{key_of(SOURCE, JARS_LOCK)}"
    path = ":".join(str(jar.resolve()) for jar in jars[STREAMS])
    if not (classes / "ImpossibleSpeed.class").exists():
        compiler = [
            java(),
            "-jar",
            str(jars[COMPILER][0]),
            "-source",
            JAVA_LANGUAGE,
            "-target",
            JAVA_LANGUAGE,
            "-nowarn",
        ]
        run(*compiler, "-cp", path, "-d", str(classes), str(SOURCE))
    return f"{classes}:{path}"
