"""The synthetic day through the doors and the stages, all in memory."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

import orjson

from api.accounts.accounts import mint_local_tokens, tokens_file
from infra.tools.simulator.files import write_files
from infra.tools.simulator.play import Player
from infra.tools.simulator.world import World
from schemas.contract.events import ReferenceEvent, RegistryEvent
from tests.api.conftest import Bench
from tests.plain_settings import plain_settings
from tests.streams.memory_path import MemoryPath

REFERENCE_EVENTS, REGISTRY_EVENTS = get_args(ReferenceEvent), get_args(RegistryEvent)


class DoorsInMemory:
    """A `DoorsClient` over the bench; what the doors accept goes straight on to the stages."""

    def __init__(self, bench: Bench, path: MemoryPath) -> None:
        self._bench, self._path, self._passed = bench, path, 0

    def post(self, path: str, body: Any) -> Any:
        return self._pass_on(self._bench.post(path, body))

    def put(self, path: str, body: Any) -> Any:
        return self._pass_on(self._bench.call("PUT", path, json=body))

    def post_rows(self, path: str, rows: Sequence[Any]) -> Any:
        return self.post_table(path, b"\n".join(map(orjson.dumps, rows)), "application/x-ndjson")

    def post_table(self, path: str, content: bytes, content_type: str = "text/csv") -> Any:
        return self._pass_on(self._bench.post_table(path, content, content_type))

    def _pass_on(self, response: Any) -> Any:
        assert response.is_success, response.text
        accepted = self._bench.broker.events[self._passed :]
        self._passed += len(accepted)
        reference = [event for event in accepted if isinstance(event, REFERENCE_EVENTS)]
        citizens = [event for event in accepted if isinstance(event, REGISTRY_EVENTS)]
        others = [
            event
            for event in accepted
            if not isinstance(event, (*REFERENCE_EVENTS, *REGISTRY_EVENTS))
        ]
        for event in reference:
            known = self._bench.doors.reference.current
            known.add(known.version + 1, event)
            self._path.decide(event)
        self._path.record(citizens)
        if citizens:
            self._path.feed_links()
        self._path.feed(others)
        return response.json()


@contextmanager
def fast_bench(directory: Path) -> Iterator[Bench]:
    """Yields doors that refuse nobody for posting too fast."""
    settings = plain_settings(data_dir=directory, rate_limit_per_second=100_000)
    mint_local_tokens(tokens_file(settings))
    bench = Bench(settings)
    with bench.client:
        yield bench


def played(
    bench: Bench,
    world: World,
    directory: Path,
    policies: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> MemoryPath:
    """Plays the day; `policies` are adopted by id, beside the day's own."""
    path = MemoryPath(batch=500)
    doors = DoorsInMemory(bench, path)
    player = Player(bench.settings, 0, lambda _kind, _count: None)
    player.close()
    player._admin = doors  # type: ignore[assignment] # a stand-in
    files = write_files(world, directory)
    player.describe_checkpoints(world)
    player.permit_vehicles(world)
    player.adopt_policy()
    player.refresh_sources()
    for policy_id, policy in policies.items():
        doors.put(f"/reference/policies/{policy_id}", policy)
    player.trust_signers(world)
    doors.post_table("/registry/citizens/batch", files["citizens"].read_bytes())
    doors.post_table("/vaccinations/batch", files["vaccinations"].read_bytes())
    player.play(world.happenings)
    path.feed_links()
    return path
