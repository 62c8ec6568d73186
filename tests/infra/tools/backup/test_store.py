"""The directory of a backup: what is written is what is read, or a sentence says what is not."""

from pathlib import Path

import pytest

from infra.errors import SetupError
from infra.tools.backup.store import Store


def test_a_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "backup"))
    assert store.is_empty()
    with store.writing("topics/a-0.zst") as written:
        written.write(b"one, ")
        written.write(b"two")
    with store.reading(written.file) as source:
        assert source.read() == b"one, two"
    assert (written.file.bytes, store.is_empty()) == (8, False)


def test_object_storage_is_read_and_written_the_same() -> None:
    store = Store("memory://backups/of-today")
    with store.writing("state/link/0/CURRENT") as written:
        written.write(b"MANIFEST-000001\n")
    with store.reading(written.file) as source:
        assert source.read() == b"MANIFEST-000001\n"


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    with store.writing("tables/vault.native") as written:
        written.write(b"rows")
    (tmp_path / "tables" / "vault.native").write_bytes(b"rowS")
    with (
        pytest.raises(SetupError, match=r"tables/vault\.native .* is damaged"),
        store.reading(written.file),
    ):
        pass


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "holds no whole backup"),
        ("{}", "cannot be read"),
        ("not json", "cannot be read"),
    ],
)
def test_a_directory_without_a_whole_manifest_is_no_backup(
    tmp_path: Path, text: str | None, sentence: str
) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(SetupError, match=sentence):
        Store(str(tmp_path)).read_manifest()


def test_an_address_that_nothing_knows_is_refused() -> None:
    with pytest.raises(SetupError, match="no address for a backup"):
        Store("carrier-pigeon://loft")


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no directory")
    with (
        pytest.raises(SetupError, match=r"file/backup/topics/a-0\.zst cannot be written"),
        Store(str(tmp_path / "file" / "backup")).writing("topics/a-0.zst"),
    ):
        pass


def test_a_backup_that_was_cut_off_is_told_from_a_whole_one(tmp_path: Path) -> None:
    store = Store(str(tmp_path))
    with store.writing("topics/a-0.zst") as written:
        written.write(b"one")
    with pytest.raises(SetupError, match=r"holds no whole backup: .* Delete it"):
        store.refuse_used()
    with store.writing("manifest.json") as written:
        written.write(b"{}")
    with pytest.raises(SetupError, match="has a directory of its own"):
        store.refuse_used()


def test_what_is_written_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Topics hold names and numbers."""
    store = Store(str(tmp_path / "backup"))
    with store.writing("topics/a-0.zst"):
        pass
    assert (tmp_path / "backup").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "backup" / "topics" / "a-0.zst").stat().st_mode & 0o777 == 0o600
