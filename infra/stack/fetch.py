"""Brings the files of `jars.lock` into the cache: resumes what was cut off, refuses a file with another hash."""

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
    """Returns at once, and without a network, when every file is there and unchanged since it was verified."""
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
    resumed = partial.exists()
    _download(artifact, partial, http, list(locate(artifact, cache_dir)), advance)
    found = sha256_of(partial)
    if found != artifact.sha256:
        partial.unlink()
        if resumed:  # what lay there from an earlier run may have been cut in a bad place: once more, from the start
            return _fetch(artifact, cache_dir, http, locate, advance)
        raise SetupError(other_hash(artifact, found))
    partial.rename(path)
    return None


def _download(
    artifact: Artifact, partial: Path, http: httpx2.Client, places: list[str], advance: Advance
) -> None:
    reason = "no repository is configured"
    for attempt in range(TRIES * len(places)):
        try:
            return _append(artifact, partial, http, places[attempt % len(places)], advance)
        except httpx2.HTTPError as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    raise SetupError(
        f"{artifact.filename} could not be downloaded ({reason}): check the network and HTTPS_PROXY, "
        "then run the same command again; it continues where it stopped."
    )


def _append(
    artifact: Artifact, partial: Path, http: httpx2.Client, address: str, advance: Advance
) -> None:
    """Asks only for the bytes that are not there yet."""
    have = partial.stat().st_size if partial.exists() else 0
    if have > artifact.size:
        partial.unlink()
        have = 0
    if have == artifact.size:
        return advance(artifact.filename, have)
    headers = {"Range": f"bytes={have}-"} if have else {}
    with http.stream("GET", address, headers=headers) as answer:
        answer.raise_for_status()
        resumes = answer.status_code == PARTIAL_CONTENT
        advance(artifact.filename, have if resumes else 0)
        with partial.open("ab" if resumes else "wb") as file:
            for chunk in answer.iter_raw():
                file.write(chunk)
                advance(artifact.filename, file.tell())
    return None


def _refuse_other_hash(artifact: Artifact, path: Path, found: str) -> None:
    if found != artifact.sha256:
        raise SetupError(
            f"{other_hash(artifact, found)} Delete {path} and run the same command again."
        )


def other_hash(artifact: Artifact, found: str) -> str:
    return f"{artifact.filename} is not the file that was pinned: expected SHA-256 {artifact.sha256}, found {found}."


def _client() -> httpx2.Client:
    """Trusts the bundled and the machine's own certificates, so that it works behind a company's proxy too."""
    trusted = httpx2.create_ssl_context()
    trusted.load_default_certs(ssl.Purpose.SERVER_AUTH)
    if bundle := os.environ.get("REQUESTS_CA_BUNDLE"):
        trusted.load_verify_locations(cafile=bundle)
    return httpx2.Client(
        verify=trusted, follow_redirects=True, timeout=30, headers={"Accept-Encoding": "identity"}
    )


@contextmanager
def only_one_at_a_time(cache_dir: Path) -> Iterator[None]:
    directory = cache_dir / "jars"
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def disk_trouble_explained(directory: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise SetupError(
                f"The disk of {directory} is full: free some space, then run the same command again."
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            place = error.filename or directory
            message = f"{place} cannot be written: change its owner or rights, or set DIBIENDONG_CACHE_DIR."
            raise SetupError(message) from error
        raise
