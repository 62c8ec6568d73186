"""A child process of the stack reads the very settings of its starter."""

from pathlib import Path

import pytest

from infra.environment import for_child, variables
from tests.plain_settings import plain_settings


def test_settings_read_from_the_handed_on_environment_are_equal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = plain_settings(
        data_dir=tmp_path,
        kafka_port=12345,
        stage_workers=3,
        person_key="a key with spaces and = signs",
    )
    for name, value in variables(own).items():
        monkeypatch.setenv(name, value)
    assert plain_settings() == own


def test_a_setting_of_the_shell_does_not_reach_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    own = plain_settings(kafka_port=12345)
    monkeypatch.setenv("DIBIENDONG_KAFKA_PORT", "1")
    monkeypatch.setenv("DIBIENDONG_NO_SUCH", "1")
    environment = for_child(own)
    assert (
        environment["DIBIENDONG_KAFKA_PORT"] == "12345" and "DIBIENDONG_NO_SUCH" not in environment
    )
