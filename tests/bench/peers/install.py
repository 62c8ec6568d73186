"""Installs the entrants that are not part of the project, at their first start: each beside the project's own files, none into it."""

import hashlib
import subprocess
import sys
from pathlib import Path

from infra.local.artifacts import read_lock, stored
from infra.local.fetch import fetch_all
from infra.local.java import java
from infra.settings import Settings

HERE = Path(__file__).parent
JARS_LOCK, QUIX_LOCK, SOURCE = HERE / "jars.lock", HERE / "quix.lock", HERE / "ImpossibleSpeed.java"
STREAMS, COMPILER = "kafka-streams", "java-compiler"
JAVA_LANGUAGE = "21"


def quix_python(settings: Settings) -> Path:
    """The interpreter of an environment with Quix Streams in it."""
    place = settings.cache_dir.resolve() / "peers" / f"quix-{_key(QUIX_LOCK)}"
    python, done = place / "bin" / "python", place / "installed"
    if not done.exists():
        _run(sys.executable, "-m", "venv", "--clear", str(place))
        _run(str(python), "-m", "pip", "install", "--disable-pip-version-check", "--quiet", "--require-hashes", "-r", str(QUIX_LOCK))
        done.touch()
    return python


def streams_classes(settings: Settings) -> str:
    """The class path with Kafka Streams and the entrant on it, compiled by the Eclipse compiler, which needs no development kit."""
    fetch_all(read_lock(JARS_LOCK), settings.cache_dir)
    jars = {part: [stored(one, settings.cache_dir) for one in read_lock(JARS_LOCK) if one.part == part] for part in (STREAMS, COMPILER)}
    classes = settings.cache_dir.resolve() / "peers" / f"classes-{_key(SOURCE, JARS_LOCK)}"
    path = ":".join(str(jar.resolve()) for jar in jars[STREAMS])
    if not (classes / "ImpossibleSpeed.class").exists():
        compiler = [java(), "-jar", str(jars[COMPILER][0]), "-source", JAVA_LANGUAGE, "-target", JAVA_LANGUAGE, "-nowarn"]
        _run(*compiler, "-cp", path, "-d", str(classes), str(SOURCE))
    return f"{classes}:{path}"


def _key(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(command[:4])} …: {done.stdout[-2000:]}{done.stderr[-2000:]}"
