"""What stands in the way of a start is said before anything starts."""

import os
from pathlib import Path

import pytest

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack.stack import data_directory_trouble_explained, refuse_little_room
from tests.plain_settings import plain_settings


def settings(**values: object) -> Settings:
    return plain_settings(**values)


def test_a_nearly_full_disk_is_refused_with_both_figures(tmp_path: Path) -> None:
    own = settings(data_dir=tmp_path, disk_free_min_mb=10**9)
    with pytest.raises(
        SetupError, match=rf"The disk of {tmp_path} has \d+ MB free and the stack needs 1000000000"
    ):
        refuse_little_room(own)


def test_enough_room_is_not_refused(tmp_path: Path) -> None:
    refuse_little_room(settings(data_dir=tmp_path, disk_free_min_mb=0))


def test_a_data_directory_that_cannot_be_made_is_named_with_its_setting() -> None:
    own = settings(data_dir=Path("/sys/data"))
    sentence = r"The data directory /sys/data cannot be written: .* DIBIENDONG_DATA_DIR"
    with pytest.raises(SetupError, match=sentence), data_directory_trouble_explained(own):
        own.data_dir.mkdir(parents=True)


def test_a_file_in_the_place_of_the_data_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    own = settings(data_dir=tmp_path / "file" / "data")
    with (
        pytest.raises(SetupError, match="cannot be written"),
        data_directory_trouble_explained(own),
    ):
        own.data_dir.mkdir(parents=True)


def test_a_disk_that_fills_up_is_named(tmp_path: Path) -> None:
    own = settings(data_dir=tmp_path)
    with (
        pytest.raises(SetupError, match=f"The disk of {tmp_path} is full"),
        data_directory_trouble_explained(own),
    ):
        descriptor = os.open("/dev/full", os.O_WRONLY)
        try:
            os.write(descriptor, b"x")
        finally:
            os.close(descriptor)
