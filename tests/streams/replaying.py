"""A replay in memory, over the topics of a `MemoryPath`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from infra.replays.result import Replayed
from schemas.contract.events import PolicyAdopted
from schemas.contract.topics import JOURNAL, VERDICTS
from streams.replay.table import result_fields
from streams.replay.worlds import Replay, ReplayScope, replayed_scans
from streams.stage import Received
from tests.streams.fakes import MemoryStore
from tests.streams.memory_path import KnownReference, MemoryPath


def replayed(
    path: MemoryPath,
    begin: datetime,
    end: datetime,
    policy: PolicyAdopted | None = None,
    batch: int = 500,
) -> Replayed:
    store = replay_of(
        path.topics[JOURNAL.name],
        path.topics[VERDICTS.name],
        path.reference,
        ReplayScope(begin, end, policy),
        batch,
    )
    fields = result_fields(lambda: replayed_scans(store))
    return Replayed(
        since=begin,
        until=end,
        policy_id=None if policy is None else policy.policy_id,
        replayed_at=end,
        took_s=0.0,
        records=0,
        passed_over=0,
        **fields,
    )


def replay_of(
    journal: Sequence[Any],
    verdicts: Sequence[Any],
    reference: KnownReference,
    scope: ReplayScope,
    batch: int,
) -> MemoryStore:
    store, stage = MemoryStore(), Replay(scope, reference)
    for events in (journal, verdicts):
        for start in range(0, len(events), batch):
            work = store.begin()
            stage.fold(
                [
                    Received(event, 0, start + place)
                    for place, event in enumerate(events[start : start + batch])
                ],
                work,
            )
            store.take(work)
    return store


def with_decisions(policy: PolicyAdopted, **decisions: Any) -> PolicyAdopted:
    return replace(policy, policy_id="another", decisions=policy.decisions | decisions)
