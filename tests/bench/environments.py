"""Installs packages that only a benchmark runs, each in an environment of its own.

An environment is installed at its first use.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from infra.settings import CHECKOUT, Settings

HERE = Path(__file__).parent
QUIX_LOCK = HERE / "peers" / "quix.lock"
PROFILER_LOCK = HERE / "profiler.lock"
LOCKS = (QUIX_LOCK, PROFILER_LOCK)
HASHES_ONLY = (
    "--universal",
    "--python-version",
    "3.11",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-header",
)


def environment(settings: Settings, lock: Path) -> Path:
    """Returns the folder of its programs."""
    place = settings.cache_dir.resolve() / "bench" / f"{lock.stem}-{key_of(lock)}"
    programs, done = place / "bin", place / "installed"
    if not done.exists():
        run(sys.executable, "-m", "venv", "--clear", str(place))
        pip = [
            str(programs / "python"),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
        ]
        run(*pip, "--require-hashes", "-r", str(lock))
        done.touch()
    return programs


def relock(lock: Path) -> None:
    names = lock.with_suffix(".in").relative_to(CHECKOUT)
    written = ["--quiet", "--output-file", str(lock.relative_to(CHECKOUT)), str(names)]
    subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", *HASHES_ONLY, "--upgrade", *written],
        check=True,
        cwd=CHECKOUT,
        stdout=subprocess.DEVNULL,
    )


def key_of(*files: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


def run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (
        f"{' '.join(command[:4])} …: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    )


if __name__ == "__main__":
    for lock_file in LOCKS:
        relock(lock_file)
