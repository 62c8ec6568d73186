"""The local schema registry: Apicurio, its schemas kept in a file database under the data directory."""

import shutil
import tarfile
from pathlib import Path

from infra.settings import Settings
from infra.stack.artifacts import read_lock, stored
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
    return [
        *invocation(settings, "registry", settings.registry_heap_mb),
        *flags,
        "-jar",
        str(_unpacked(settings) / _runner(settings)),
    ]


def prepare(settings: Settings) -> None:
    (settings.data_dir / "registry").mkdir(parents=True, exist_ok=True)


def _runner(settings: Settings) -> str:
    return f"apicurio-registry-app-{settings.registry_version}-runner.jar"


def _unpacked(settings: Settings) -> Path:
    (archive,) = (artifact for artifact in read_lock() if artifact.part == "registry")
    return (
        settings.cache_dir.resolve()
        / "unpacked"
        / f"registry-{archive.version}-{archive.sha256[:12]}"
    )


def unpack(settings: Settings) -> None:
    """All or nothing: the directory gets its name when every file is in it."""
    target = _unpacked(settings)
    if target.exists():
        return
    (archive,) = (artifact for artifact in read_lock() if artifact.part == "registry")
    scratch = target.with_name(target.name + ".part")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    with tarfile.open(stored(archive, settings.cache_dir)) as tar:
        tar.extractall(scratch, filter="data")
    scratch.rename(target)
