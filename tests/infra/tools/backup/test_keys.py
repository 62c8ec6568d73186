"""Keys that leave a system are wrapped, and come back with their passphrase alone."""

from pathlib import Path

import pytest

from infra.errors import SetupError
from infra.settings import Settings
from infra.tools.backup.keys import put_files, unwrap, wrap
from tests.plain_settings import plain_settings

PASSPHRASE = "long enough a passphrase"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    directory = tmp_path / "data"
    (directory / "keys").mkdir(parents=True)
    (directory / "keys" / "01.key").write_bytes(bytes(range(32)))
    (directory / "tokens.json").write_text('{"clerk": "token-of-the-clerk"}')
    return plain_settings(data_dir=directory, person_key="the key of every pseudonym")


def test_keys_come_back_with_their_passphrase_alone(settings: Settings, tmp_path: Path) -> None:
    wrapped = tmp_path / "wrapped"
    wrap(settings, PASSPHRASE, wrapped)
    assert wrapped.stat().st_mode & 0o777 == 0o600
    for secret in (b"the key of every", b"token-of-the-clerk", bytes(range(32))):
        assert secret not in wrapped.read_bytes()
    with pytest.raises(SetupError, match="does not open"):
        unwrap(wrapped, PASSPHRASE + "!")
    keys = unwrap(wrapped, PASSPHRASE)
    elsewhere = plain_settings(data_dir=tmp_path / "elsewhere")
    put_files(elsewhere, keys, tmp_path / "person_key")
    assert (tmp_path / "person_key").read_text() == "the key of every pseudonym"
    assert (tmp_path / "elsewhere" / "keys" / "01.key").read_bytes() == bytes(range(32))
    assert (tmp_path / "elsewhere" / "tokens.json").stat().st_mode & 0o777 == 0o600


def test_nothing_is_overwritten(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "wrapped").write_text("of yesterday")
    with pytest.raises(SetupError, match="holds other keys"):
        wrap(settings, PASSPHRASE, tmp_path / "wrapped")
    assert (tmp_path / "wrapped").read_text() == "of yesterday"


def test_the_same_keys_are_wrapped_once(settings: Settings, tmp_path: Path) -> None:
    """Each night's backup names the same file."""
    wrapped = tmp_path / "wrapped"
    wrap(settings, PASSPHRASE, wrapped)
    before = wrapped.read_bytes()
    wrap(settings, PASSPHRASE, wrapped)
    assert wrapped.read_bytes() == before
    (settings.data_dir / "keys" / "02.key").write_bytes(bytes(32))
    with pytest.raises(SetupError, match="holds other keys"):
        wrap(settings, PASSPHRASE, wrapped)
    assert wrapped.read_bytes() == before


def test_a_directory_that_is_missing_is_named(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"nowhere/wrapped cannot be written: No such file"):
        wrap(settings, PASSPHRASE, tmp_path / "nowhere" / "wrapped")


def test_keys_that_differ_from_those_there_are_named_before_any_is_written(
    settings: Settings, tmp_path: Path
) -> None:
    wrap(settings, PASSPHRASE, tmp_path / "wrapped")
    keys = unwrap(tmp_path / "wrapped", PASSPHRASE)
    (settings.data_dir / "tokens.json").write_text("{}")
    (settings.data_dir / "keys" / "01.key").unlink()
    with pytest.raises(SetupError, match=r"tokens\.json .* Move it away"):
        put_files(settings, keys, tmp_path / "person_key")
    assert not (tmp_path / "person_key").exists()
    assert not (settings.data_dir / "keys" / "01.key").exists()


def test_what_was_not_lost_stays(settings: Settings, tmp_path: Path) -> None:
    wrap(settings, PASSPHRASE, tmp_path / "wrapped")
    (settings.data_dir / "tokens.json").unlink()
    written = put_files(settings, unwrap(tmp_path / "wrapped", PASSPHRASE), tmp_path / "person_key")
    assert written == ["tokens.json"]
    assert (settings.data_dir / "tokens.json").read_text() == '{"clerk": "token-of-the-clerk"}'


def test_a_short_passphrase_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="fewer than 12"):
        wrap(settings, "too short", tmp_path / "wrapped")


def test_a_file_of_something_else_holds_no_keys(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("{}")
    with pytest.raises(SetupError, match="holds no wrapped keys"):
        unwrap(tmp_path / "other", PASSPHRASE)
