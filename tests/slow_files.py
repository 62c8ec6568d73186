"""Puts the slow files of tests first, so that the workers of one run end at about the same time.

A worker takes the next file when it has done its own. A slow file that is taken last would hold
the run up while the other workers have nothing left to do.
"""

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SLOW_FILES = (
    "live/test_rebuild.py",
    "live/test_stack.py",
    "live/test_schemathesis.py",
    "live/test_replay.py",
    "live/test_adopted_log.py",
    "live/test_chaos.py",
    "live/test_migrations_cut_off.py",
    "live/test_slow_clients.py",
    "live/test_dead_letters.py",
    "live/test_traces_as_known.py",
    "live/test_trace_command.py",
    "live/test_two_doors.py",
    "live/test_hung_stage.py",
    "live/test_readiness.py",
    "live/test_sink.py",
    "live/test_listed_people.py",
    "live/test_draining.py",
    "live/test_handovers.py",
    "live/test_outages.py",
    "live/test_nothing_lost.py",
    "infra/chdb_server/live/test_inserts.py",
    "infra/chdb_server/live/test_reader_confined.py",
    "live/test_large_bodies.py",
)
"""These take a quarter of a minute or longer, the longest first."""


def put_slow_files_first(items: list[pytest.Item]) -> None:
    """Sorts tests by file: slow ones, then those with live tests, then the others.

    Within a file, and between files of one kind, the order stays.
    """
    live = {item.path for item in items if item.get_closest_marker("live") is not None}
    ranks = {TESTS / name: rank for rank, name in enumerate(SLOW_FILES)}

    def rank(item: pytest.Item) -> int:
        other = len(SLOW_FILES) if item.path in live else len(SLOW_FILES) + 1
        return ranks.get(item.path, other)

    items.sort(key=rank)
