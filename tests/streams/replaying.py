"""A replay in memory, over the topics of a `MemoryPath`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from infra.replays.result import Replayed
from schemas.contract.events import PolicyAdopted
from schemas.contract.topics import JOURNAL, VERDICTS
from streams.replay.table import told_of
from streams.replay.worlds import Question, Replay, judged_scans
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
        Question(begin, end, policy),
        batch,
    )
    told = told_of(lambda: judged_scans(store))
    whose = None if policy is None else policy.policy_id
    return Replayed(
        since=begin,
        until=end,
        policy_id=whose,
        replayed_at=end,
        took_s=0.0,
        records=0,
        passed_over=0,
        **told,
    )


def replay_of(
    journal: Sequence[Any],
    verdicts: Sequence[Any],
    reference: KnownReference,
    question: Question,
    batch: int,
) -> MemoryStore:
    store, stage = MemoryStore(), Replay(question, reference)
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
