"""What is written for one citizen of the register and for one scan of a day: bytes in Kafka and in ClickHouse, records through each stage.

A day of the synthetic province, so that names, numbers and ids pack as badly as they do in life; doses are left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.progress import Progress

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.stack.parts import NAMES, STAGES
from infra.stack.stage_metrics import stage_work
from infra.tools.cli.load import load_file
from infra.tools.rebuild.models import READ_MODELS
from infra.tools.simulator.files import write_files
from infra.tools.simulator.make import make_world
from infra.tools.simulator.play import Player, drain
from infra.tools.simulator.world import World
from schemas.contract.topics import TOPICS
from schemas.domain.pseudonyms import Pseudonyms
from tests.bench.figures import Figure
from tests.bench.scale import scaled
from tests.bench.world import text_of
from tests.running_stack import RunningStack

CITIZENS, SEED = max(1_000, scaled(50_000)), 2021
SMALL = 5
"""Bytes a scan below which a topic or table is not worth a mention."""


@dataclass(frozen=True, slots=True)
class Held:
    kafka: Mapping[str, int]
    """Bytes by topic."""
    clickhouse: Mapping[str, int]
    """Bytes by table, merged."""
    records: Mapping[str, int]
    """Done by each stage."""

    def beyond(self, before: "Held") -> "Held":
        pairs = (
            (self.kafka, before.kafka),
            (self.clickhouse, before.clickhouse),
            (self.records, before.records),
        )
        return Held(
            *(
                {name: now - earlier.get(name, 0) for name, now in each.items()}
                for each, earlier in pairs
            )
        )


def volume(_settings: Settings) -> list[Figure]:
    with TemporaryDirectory(prefix="bench") as directory:
        stack = RunningStack.plan(
            Path(directory), rate_limit_per_second=1_000_000, request_timeout_s=60.0
        )
        try:
            stack.require(*NAMES)
            world = make_world(
                SEED, CITIZENS, 1, Pseudonyms(stack.settings.person_key.get_secret_value())
            )
            with Progress(disable=True) as progress:
                load_file(
                    stack.settings,
                    "citizens",
                    write_files(world, Path(directory) / "files")["citizens"],
                    progress,
                )
            registered = _held(stack.settings)
            _play(stack.settings, world)
            passed = _held(stack.settings).beyond(registered)
        finally:
            stack.down()
    scans = sum(one.kind == "scan" for one in world.happenings)
    declarations = sum(one.kind == "declaration" for one in world.happenings)
    of_day = {"scans": scans, "declarations": declarations, "citizens": CITIZENS}
    return [
        *_figures("a citizen of the register", registered, CITIZENS, of_day),
        *_figures("a scan of the day", passed, scans, of_day),
    ]


def _play(settings: Settings, world: World) -> None:
    player = Player(settings, 0, lambda _kind, _posted: None)
    player.describe_checkpoints(world)
    player.permit_vehicles(world)
    player.trust_signers(world)
    player.adopt_policy()
    player.play(world.happenings)
    player.close()


def _held(settings: Settings) -> Held:
    drain(settings, lambda _: None)
    log = settings.data_dir / "kafka" / "log"
    kafka = {
        topic.name: sum(file.stat().st_size for file in log.glob(f"{topic.name}-[0-9]*/*.log"))
        for topic in TOPICS
    }
    with connect(settings, "writer", timeout_s=600.0) as client:
        for model in READ_MODELS:
            client.command(f"OPTIMIZE TABLE {model.table} FINAL")
        clickhouse = {
            table: int(held) for table, held in client.query(text_of("bytes_by_table")).result_rows
        }
    return Held(
        kafka, clickhouse, {stage: work.records for stage, work in stage_work(settings).items()}
    )


def _figures(one: str, held: Held, many: int, of_day: Mapping[str, object]) -> Iterator[Figure]:
    for name, by_place in (("Kafka", held.kafka), ("ClickHouse", held.clickhouse)):
        largest = sorted(by_place.items(), key=lambda each: -each[1])
        said = {place: round(size / many, 1) for place, size in largest if size / many >= SMALL}
        yield Figure(
            f"volume: bytes in {name}, {one}",
            sum(by_place.values()) / many,
            "B",
            None,
            False,
            {**of_day, **said},
        )
    for stage in STAGES:
        yield Figure(
            f"volume: records through {stage}, {one}",
            held.records[stage] / many,
            "",
            None,
            False,
            of_day,
        )
