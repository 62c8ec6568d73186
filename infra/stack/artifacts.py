"""Reads `jars.lock`, which pins each file of the Java parts by its size and SHA-256."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

LOCK = Path(__file__).with_name("jars.lock")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file of a Maven repository, with the size and hash it must have."""

    part: str
    group: str
    name: str
    version: str
    packaging: str
    classifier: str
    size: int
    sha256: str

    @property
    def filename(self) -> str:
        stem = f"{self.name}-{self.version}"
        if self.classifier:
            stem += f"-{self.classifier}"
        return f"{stem}.{self.packaging}"

    @property
    def line(self) -> str:
        """Returns the artifact as a line of `jars.lock`."""
        fields = (self.group, self.name, self.version, self.packaging, self.classifier)
        coordinate = ":".join(fields).rstrip(":")
        return f"{self.part} {coordinate} {self.size} {self.sha256}"


def read_lock(path: Path = LOCK) -> tuple[Artifact, ...]:
    lines = [line.strip() for line in path.read_text().splitlines()]
    return tuple(parse(line) for line in lines if line and not line.startswith("#"))


def parse(line: str) -> Artifact:
    part, coordinate, size, sha256 = line.split()
    group, name, version, packaging, *rest = coordinate.split(":")
    classifier = rest[0] if rest else ""
    return Artifact(part, group, name, version, packaging, classifier, int(size), sha256)


def stored(artifact: Artifact, cache_dir: Path) -> Path:
    """Returns the place of the file in the cache, whether it is there or not."""
    return cache_dir / "jars" / artifact.part / artifact.filename


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
