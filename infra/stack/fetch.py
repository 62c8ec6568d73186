"""Brings the files of `jars.lock` into the cache.

It resumes what was cut off, and refuses a file with another hash.
"""

import errno
import fcntl
import os
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx2

from infra.errors import SetupError
from infra.stack.artifacts import Artifact, sha256_of, stored
from infra.stack.progress import Advance, downloading
from infra.stack.repository import addresses
from infra.stack.verified import Verified

TRIES = 4
PARTIAL_CONTENT = 206

Locate = Callable[[Artifact, Path], Iterator[str]]


def fetch_all(artifacts: Sequence[Artifact], cache_dir: Path, locate: Locate = addresses) -> None:
    """Returns when every file is in the cache, whole and with its pinned hash.

    No network is needed if all files are there and unchanged since they were verified. Raises
    `SetupError` with a sentence that says what to do.
    """
    with disk_trouble_explained(cache_dir), only_one_at_a_time(cache_dir):
        verified = Verified.read(cache_dir)
        missing = [artifact for artifact in artifacts if not _usable(artifact, cache_dir, verified)]
        verified.write()
        if not missing:
            return
        with _client() as http, downloading(missing) as advance:
            for artifact in missing:
                _fetch(artifact, cache_dir, http, locate, advance)
                verified.add(stored(artifact, cache_dir), artifact)
                verified.write()


def _usable(artifact: Artifact, cache_dir: Path, verified: Verified) -> bool:
    path = stored(artifact, cache_dir)
    if not path.exists():
        return False
    if not verified.knows(path, artifact):
        _refuse_other_hash(artifact, path, sha256_of(path))
        verified.add(path, artifact)
    return True


def _fetch(
    artifact: Artifact, cache_dir: Path, http: httpx2.Client, locate: Locate, advance: Advance
) -> None:
    path = stored(artifact, cache_dir)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    is_resumed = partial.exists()
    _download(artifact, partial, http, list(locate(artifact, cache_dir)), advance)
    sha256 = sha256_of(partial)
    if sha256 == artifact.sha256:
        partial.rename(path)
        return
    partial.unlink()
    if not is_resumed:
        raise SetupError(other_hash(artifact, sha256))
    # What an earlier run left may have been cut in a bad place: once more, from the start.
    _fetch(artifact, cache_dir, http, locate, advance)


def _download(
    artifact: Artifact, partial: Path, http: httpx2.Client, places: list[str], advance: Advance
) -> None:
    """Tries every place in turn, several times, until the partial file is complete."""
    reason = "no repository is configured"
    for attempt in range(TRIES * len(places)):
        place = places[attempt % len(places)]
        try:
            _append(artifact, partial, http, place, advance)
            return
        except httpx2.HTTPError as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    raise SetupError(
        f"{artifact.filename} could not be downloaded ({reason}): check the network and "
        "HTTPS_PROXY, then run the same command again; it continues where it stopped."
    )


def _append(
    artifact: Artifact, partial: Path, http: httpx2.Client, address: str, advance: Advance
) -> None:
    """Requests only the bytes that are not there yet."""
    size = partial.stat().st_size if partial.exists() else 0
    if size > artifact.size:
        partial.unlink()
        size = 0
    if size == artifact.size:
        advance(artifact.filename, size)
        return
    headers = {"Range": f"bytes={size}-"} if size else {}
    with http.stream("GET", address, headers=headers) as response:
        response.raise_for_status()
        resumes = response.status_code == PARTIAL_CONTENT
        advance(artifact.filename, size if resumes else 0)
        with partial.open("ab" if resumes else "wb") as file:
            for chunk in response.iter_raw():
                file.write(chunk)
                advance(artifact.filename, file.tell())


def _refuse_other_hash(artifact: Artifact, path: Path, sha256: str) -> None:
    if sha256 != artifact.sha256:
        sentence = other_hash(artifact, sha256)
        raise SetupError(f"{sentence} Delete {path} and run the same command again.")


def other_hash(artifact: Artifact, sha256: str) -> str:
    """Returns a sentence that names the file and both hashes."""
    return (
        f"{artifact.filename} is not the file that was pinned: "
        f"expected SHA-256 {artifact.sha256}, found {sha256}."
    )


def _client() -> httpx2.Client:
    """Returns a client that trusts the bundled and the machine's own certificates.

    The client therefore works behind a company's proxy too.
    """
    trusted = httpx2.create_ssl_context()
    trusted.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if bundle := os.environ.get("REQUESTS_CA_BUNDLE"):
        trusted.load_verify_locations(cafile=bundle)
    return httpx2.Client(
        verify=trusted, follow_redirects=True, timeout=30, headers={"Accept-Encoding": "identity"}
    )


@contextmanager
def only_one_at_a_time(cache_dir: Path) -> Iterator[None]:
    """Waits until no other process works in this cache."""
    directory = cache_dir / "jars"
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def disk_trouble_explained(directory: Path) -> Iterator[None]:
    """Raises `SetupError` in place of an OSError that a full or write-protected disk causes."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(
                f"The disk of {directory} is full: "
                "free some space, then run the same command again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            place = error.filename or directory
            raise SetupError(
                f"{place} cannot be written: "
                "change its owner or rights, or set DIBIENDONG_CACHE_DIR."
            ) from error
        raise
