"""The files of the tree, as the tests of its rules walk through them."""

import subprocess
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("streams", "schemas", "api", "infra")
COMPILED = (".pyx", ".pxd")


def tracked() -> list[Path]:
    """Returns the files that git knows and that are there."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).exists()]


def sources(*tops: str, suffixes: Collection[str] = (".py",)) -> Iterator[Path]:
    for path in tracked():
        if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in tops:
            yield path


def found_in(paths: Iterable[Path], check: Callable[[Path], list[str]]) -> list[str]:
    """Returns what the check finds in all these files."""
    found = list[str]()
    for path in paths:
        found += check(path)
    return found


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
