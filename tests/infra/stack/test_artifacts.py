"""The lock file of the downloads pins everything and names no address."""

import re

from infra.stack.artifacts import LOCK, parse, read_lock
from tests.plain_settings import plain_settings


def test_every_file_is_pinned_by_size_and_sha256() -> None:
    assert all(
        artifact.size > 0 and re.fullmatch("[0-9a-f]{64}", artifact.sha256)
        for artifact in read_lock()
    )


def test_no_address_is_in_the_lock_file() -> None:
    assert not re.search(r"://|www\.", LOCK.read_text())


def test_the_versions_are_those_of_the_settings() -> None:
    versions = {artifact.name: artifact.version for artifact in read_lock()}
    settings = plain_settings()
    assert versions["kafka_2.13"] == settings.kafka_version
    assert versions["apicurio-registry-app"] == settings.registry_version


def test_a_line_read_and_written_again_is_the_same() -> None:
    lines = [line for line in LOCK.read_text().splitlines() if not line.startswith("#")]
    assert [parse(line).line for line in lines] == lines


def test_a_classifier_is_part_of_the_file_name() -> None:
    assert parse("registry io.example:app:1.0:tar.gz:all 1 00").filename == "app-1.0-all.tar.gz"
