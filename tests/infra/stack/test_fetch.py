"""Files come into the cache whole and with the pinned hash, or not at all."""

from pathlib import Path

import pytest

from infra.errors import SetupError
from infra.stack.artifacts import Artifact, stored
from infra.stack.fetch import fetch_all
from tests.infra.stack.conftest import Repository

DATA = bytes(range(256)) * 1000


def fetch(repository: Repository, cache: Path, *artifacts: Artifact) -> None:
    fetch_all(artifacts, cache, repository.locate)


def test_a_file_is_fetched_once_and_then_never_asked_for_again(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    fetch(repository, tmp_path, artifact)
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).read_bytes() == DATA
    assert len(repository.requests) == 1


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    repository.cut_after = 100_000
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).read_bytes() == DATA
    assert repository.requests == [(artifact.filename, ""), (artifact.filename, "bytes=100000-")]


def test_what_an_earlier_run_left_is_continued(repository: Repository, tmp_path: Path) -> None:
    artifact = repository.add("one", DATA)
    partial(artifact, tmp_path).write_bytes(DATA[:50_000])
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).read_bytes() == DATA
    assert repository.requests == [(artifact.filename, "bytes=50000-")]


def test_a_complete_part_of_an_earlier_run_needs_no_network(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    partial(artifact, tmp_path).write_bytes(DATA)
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).exists() and repository.requests == []


def test_a_damaged_part_of_an_earlier_run_is_fetched_anew(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    partial(artifact, tmp_path).write_bytes(b"x" * 50_000)
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).read_bytes() == DATA


def test_a_part_longer_than_the_file_is_fetched_anew(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    partial(artifact, tmp_path).write_bytes(DATA + b"more")
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).read_bytes() == DATA


def test_a_server_that_knows_no_ranges_sends_the_file_from_the_start(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    repository.ranges = False
    partial(artifact, tmp_path).write_bytes(DATA[:50_000])
    fetch(repository, tmp_path, artifact)
    assert stored(artifact, tmp_path).read_bytes() == DATA


def test_a_wrong_hash_stops_with_the_name_and_both_hashes(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    other = repository.add("two", b"x" * artifact.size)
    repository.content[artifact.filename] = repository.content[other.filename]
    with pytest.raises(SetupError) as refused:
        fetch(repository, tmp_path, artifact)
    assert all(
        word in str(refused.value) for word in ("one-1.0.jar", artifact.sha256, other.sha256)
    )
    assert not stored(artifact, tmp_path).exists() and not partial(artifact, tmp_path).exists()


def test_a_cached_file_that_changed_is_refused_with_what_to_do(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    fetch(repository, tmp_path, artifact)
    stored(artifact, tmp_path).write_bytes(b"something else")
    with pytest.raises(
        SetupError, match=f"expected SHA-256 {artifact.sha256}, found .* Delete .*one-1.0.jar"
    ):
        fetch(repository, tmp_path, artifact)


def test_a_cached_file_that_was_never_verified_is_hashed_before_use(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    stored(artifact, tmp_path).parent.mkdir(parents=True)
    stored(artifact, tmp_path).write_bytes(DATA[::-1])
    with pytest.raises(SetupError, match=artifact.sha256):
        fetch(repository, tmp_path, artifact)


def test_a_file_that_is_nowhere_stops_with_one_sentence(
    repository: Repository, tmp_path: Path
) -> None:
    artifact = repository.add("one", DATA)
    repository.content.clear()
    with pytest.raises(
        SetupError, match=r"one-1.0.jar could not be downloaded \(.*404.*check the network"
    ):
        fetch(repository, tmp_path, artifact)


def test_a_full_disk_is_named(repository: Repository, tmp_path: Path) -> None:
    artifact = repository.add("one", DATA)
    partial(artifact, tmp_path).symlink_to("/dev/full")
    with pytest.raises(SetupError, match=f"The disk of {tmp_path} is full: free some space"):
        fetch(repository, tmp_path, artifact)


def test_a_cache_that_cannot_be_written_is_named_with_its_setting(repository: Repository) -> None:
    artifact = repository.add("one", DATA)
    with pytest.raises(
        SetupError, match=r"/sys/cache.* cannot be written: .* DIBIENDONG_CACHE_DIR"
    ):
        fetch(repository, Path("/sys/cache"), artifact)


def partial(artifact: Artifact, cache: Path) -> Path:
    path = stored(artifact, cache)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.with_name(path.name + ".part")
