"""The words after `dibiendong rebuild` name stages and tables."""

import pytest

from infra.errors import SetupError
from infra.tools.cli.rebuild import requested
from infra.tools.rebuild.models import READ_MODELS


@pytest.mark.parametrize(
    ("names", "stages", "tables"),
    [
        (["all"], ["link", "identify", "screen"], len(READ_MODELS)),
        (["project"], [], len(READ_MODELS)),
        (["screen"], ["screen"], 0),
        (["screen", "link", "scans"], ["link", "screen"], 1),
        (["scans", "flags"], [], 2),
    ],
)
def test_names_are_stages_and_tables(names: list[str], stages: list[str], tables: int) -> None:
    requested_stages, requested_tables = requested(names)
    assert requested_stages == stages
    assert len(requested_tables) == tables


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        ([], "Say what is to be rebuilt"),
        (["scan"], "no read model scan"),
        (["project", "screne"], "no read model screne"),
        (["all", "scan", "screne"], "no read model scan, screne"),
        (["screen", "screne"], "no read model screne"),
    ],
)
def test_names_that_mean_nothing_are_refused(names: list[str], sentence: str) -> None:
    with pytest.raises(SetupError, match=sentence):
        requested(names)
