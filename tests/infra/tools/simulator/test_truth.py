"""The synthetic day through the doors and the stages: what is planted is found, and nothing else."""

from pathlib import Path

from infra.tools.simulator.make import make_world
from tests.infra.tools.simulator.day_in_memory import fast_bench, played


def test_all_and_only_what_is_planted_is_found(tmp_path: Path) -> None:
    with fast_bench(tmp_path) as bench:
        world = make_world(seed=2021, citizens=1_500, days=1, pseudonyms=bench.pseudonyms)
        assert played(bench, world, tmp_path / "files").rules_found() == world.truth.planted
