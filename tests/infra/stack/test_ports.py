"""A port that is taken is named together with who has it and which setting changes it."""

import socket

import pytest

from infra.errors import SetupError
from infra.settings import Settings
from infra.stack.free_ports import SINGLE, free_ports_for
from infra.stack.parts import PARTS, metrics_port, selected, units
from infra.stack.ports import refuse_taken, wanted
from streams.stages import STAGES
from tests.plain_settings import plain_settings


def settings(**values: object) -> Settings:
    return plain_settings(**{**free_ports_for(), **values})


@pytest.mark.parametrize(
    "setting",
    ["kafka_port", "kafka_controller_port", "registry_port", "clickhouse_port", "api_port"],
)
def test_a_taken_port_is_refused(setting: str) -> None:
    own = settings()
    with socket.socket() as other:
        other.bind((own.host, getattr(own, setting)))
        other.listen()
        with pytest.raises(SetupError) as refused:
            refuse_taken(own, units(own))
    sentence = f"Port {getattr(own, setting)} is taken by "
    assert str(refused.value).startswith(
        sentence
    ) and f"set DIBIENDONG_{setting.upper()} to" in str(refused.value)


def test_free_ports_are_not_refused() -> None:
    own = settings()
    refuse_taken(own, units(own))


def test_every_process_has_a_port_of_its_own() -> None:
    own = settings(stage_workers=3)
    ports = [port for _, port in wanted(own, units(own))]
    assert len(ports) == len(set(ports)) == len(SINGLE) + 3 * len(STAGES)


def test_workers_of_a_stage_listen_side_by_side() -> None:
    own = settings(stage_workers=2, metrics_port=19100)
    ports = []
    for stage in STAGES:
        ports += [metrics_port(own, stage, worker) for worker in (0, 1)]
    assert ports == list(range(19100, 19108))


def test_a_part_brings_what_it_needs() -> None:
    assert [part.name for part in selected(["link"])] == ["kafka", "registry", "topics", "link"]
    assert selected([]) == list(PARTS)


def test_every_need_stands_above_in_the_table() -> None:
    for position, part in enumerate(PARTS):
        assert set(part.needs) <= {earlier.name for earlier in PARTS[:position]}
