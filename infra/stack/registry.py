"""Runs the local schema registry: Apicurio, with its schemas in a file under the data directory."""

import shutil
import tarfile
from pathlib import Path

from infra.settings import Settings
from infra.stack.artifacts import Artifact, read_lock, stored
from infra.stack.java import invocation


def command(settings: Settings) -> list[str]:
    database = f"jdbc:h2:file:{settings.data_dir.resolve() / 'registry' / 'schemas'};WRITE_DELAY=0"
    options = {
        "quarkus.http.host": settings.host,
        "quarkus.http.port": settings.registry_port,
        "quarkus.log.console.color": "false",
        "quarkus.banner.enabled": "false",
        "quarkus.log.level": "WARN",
        "registry.datasource.url": database,
        "quarkus.datasource.jdbc.url": database,
    }
    flags = [f"-D{name}={value}" for name, value in options.items()]
    java = invocation(settings, "registry", settings.registry_heap_mb)
    return [*java, *flags, "-jar", str(_unpacked(settings) / _runner(settings))]


def prepare(settings: Settings) -> None:
    (settings.data_dir / "registry").mkdir(parents=True, exist_ok=True)


def _runner(settings: Settings) -> str:
    return f"apicurio-registry-app-{settings.registry_version}-runner.jar"


def _unpacked(settings: Settings) -> Path:
    archive = _archive()
    name = f"registry-{archive.version}-{archive.sha256[:12]}"
    return settings.cache_dir.resolve() / "unpacked" / name


def _archive() -> Artifact:
    (archive,) = (artifact for artifact in read_lock() if artifact.part == "registry")
    return archive


def unpack(settings: Settings) -> None:
    """Unpacks all or nothing: the directory gets its name when every file is in it."""
    target = _unpacked(settings)
    if target.exists():
        return
    scratch = target.with_name(target.name + ".part")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with tarfile.open(stored(_archive(), settings.cache_dir)) as tar:
        tar.extractall(scratch, filter="data")
    scratch.rename(target)
