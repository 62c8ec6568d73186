"""The synthetic day through the doors and the stages: what is planted is found, nothing else."""

import random
from pathlib import Path

import pytest

from infra.tools.simulator.make import make_world
from tests.infra.tools.simulator.day_in_memory import fast_bench, played

CITIZENS = 3_000
SEEDS = range(60)
ONCE_WRONG = (74, 78)
"""In these worlds a traveller of the yellow commune would draw a planted way, and be let pass.

None may live there: `CONTROLLED` once left that commune out.
"""
DRAWN = random.sample(SEEDS, 1)
"""Another seed each time; a failure names the seed."""


def check_day(directory: Path, *, seed: int, citizens: int) -> None:
    with fast_bench(directory) as bench:
        world = make_world(seed=seed, citizens=citizens, days=1, pseudonyms=bench.pseudonyms)
        found = played(bench, world, directory / "files").rules_found()
        assert found == world.truth.planted, f"seed {seed}"


def test_all_and_only_what_is_planted_is_found(tmp_path: Path) -> None:
    check_day(tmp_path, seed=2021, citizens=1_500)


@pytest.mark.parametrize("number", range(len(ONCE_WRONG) + len(DRAWN)))
def test_what_is_planted_is_found_whatever_the_seed(tmp_path: Path, number: int) -> None:
    seed = (*ONCE_WRONG, *DRAWN)[number]
    check_day(tmp_path, seed=seed, citizens=CITIZENS)


@pytest.mark.long
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_planted_is_found_for_sixty_seeds(tmp_path: Path, seed: int) -> None:
    check_day(tmp_path, seed=seed, citizens=CITIZENS)
