"""Measures what is written for one citizen of the register and for one scan of a day.

The figures are bytes in Kafka and in ClickHouse, and records through each stage. The day is one of
the synthetic province, so that names, numbers and ids pack as badly as they do in life. Doses are
left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.progress import Progress

from infra.clickhouse.client import connect
from infra.settings import Settings
from infra.stack.parts import NAMES
from infra.stack.stage_metrics import stage_work
from infra.tools.cli.load import load_file
from infra.tools.rebuild.models import READ_MODELS
from infra.tools.simulator.files import write_files
from infra.tools.simulator.make import make_world
from infra.tools.simulator.play import Player, drain
from infra.tools.simulator.world import World
from schemas.contract.topics import TOPICS
from schemas.domain.pseudonyms import Pseudonyms
from streams.stages import STAGES
from tests.bench.figures import Figure
from tests.bench.scale import scaled
from tests.bench.world import text_of
from tests.running_stack import RunningStack

CITIZENS, SEED = max(1_000, scaled(50_000)), 2021
SMALL = 5
"""A topic or table with fewer bytes a scan than this is not worth a mention."""


@dataclass(frozen=True, slots=True)
class Held:
    kafka: Mapping[str, int]
    """Bytes by topic."""
    clickhouse: Mapping[str, int]
    """Bytes by table, merged."""
    records: Mapping[str, int]
    """Records done by each stage."""

    def beyond(self, before: "Held") -> "Held":
        """Returns what has come to it since."""
        return Held(
            kafka=_grown(self.kafka, before.kafka),
            clickhouse=_grown(self.clickhouse, before.clickhouse),
            records=_grown(self.records, before.records),
        )


def _grown(now: Mapping[str, int], before: Mapping[str, int]) -> Mapping[str, int]:
    return {name: amount - before.get(name, 0) for name, amount in now.items()}


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
    scans = sum(happening.kind == "scan" for happening in world.happenings)
    declarations = sum(happening.kind == "declaration" for happening in world.happenings)
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
    kafka = {}
    for topic in TOPICS:
        files = log.glob(f"{topic.name}-[0-9]*/*.log")
        kafka[topic.name] = sum(file.stat().st_size for file in files)
    with connect(settings, "writer", timeout_s=600.0) as client:
        for model in READ_MODELS:
            client.command(f"OPTIMIZE TABLE {model.table} FINAL")
        clickhouse = {
            table: int(held) for table, held in client.query(text_of("bytes_by_table")).result_rows
        }
    return Held(
        kafka, clickhouse, {stage: work.records for stage, work in stage_work(settings).items()}
    )


def _figures(unit: str, held: Held, many: int, of_day: Mapping[str, object]) -> Iterator[Figure]:
    for name, by_place in (("Kafka", held.kafka), ("ClickHouse", held.clickhouse)):
        bytes_each = {place: size / many for place, size in by_place.items()}
        largest_first = sorted(bytes_each, key=lambda place: -bytes_each[place])
        mentioned = {
            place: round(bytes_each[place], 1)
            for place in largest_first
            if bytes_each[place] >= SMALL
        }
        yield Figure(
            f"volume: bytes in {name}, {unit}",
            sum(by_place.values()) / many,
            "B",
            None,
            False,
            {**of_day, **mentioned},
        )
    for stage in STAGES:
        yield Figure(
            f"volume: records through {stage}, {unit}",
            held.records[stage] / many,
            "",
            None,
            False,
            of_day,
        )
