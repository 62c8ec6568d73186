"""What a replay tells: how many verdicts it gives again, and what would have been decided otherwise, counted and listed."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar, get_args

from infra.replays.result import (
    LISTED_MOST,
    Change,
    ChangedScan,
    Decided,
    Deviation,
    Effect,
    Ground,
    Outcome,
    Post,
)
from schemas.contract.events import VerdictReached
from schemas.contract.terms import Decision
from streams.decide import GRAVITY
from streams.replay.worlds import Judged, Told, fields_apart

Scans = Callable[[], Iterator[Judged]]
"""Gives them from the beginning at each call: they are read from the disk, never held."""
Kind = tuple[str, Decision, Decision, tuple[str, ...], tuple[str, ...]]


@dataclass
class Tally:
    judged: int = 0
    recorded: int = 0
    reproduced: int = 0
    changed: int = 0
    decisions: Counter[tuple[Decision, Decision]] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    posts: Counter[tuple[str, Effect | None]] = field(default_factory=Counter)
    kinds: Counter[Kind] = field(default_factory=Counter)
    beyond: int = 0

    def add(self, scan: Judged) -> None:
        if scan.recorded is not None:
            self.recorded += 1
            self.reproduced += scan.was is not None and not fields_apart(
                scan.recorded, scan.was.verdict
            )
        if scan.was is None:
            return
        self.judged += 1
        was, would_be = scan.was.verdict, (scan.would_be or scan.was).verdict
        self.decisions[was.decision, would_be.decision] += 1
        self.posts[was.checkpoint_id, effect_of(scan)] += 1
        if scan.would_be is not None:
            self._change(scan.was, scan.would_be)

    def _change(self, was: Told, would_be: Told) -> None:
        self.changed += 1
        gone = tuple(ground for ground in was.grounds if ground not in would_be.grounds)
        new = tuple(ground for ground in would_be.grounds if ground not in was.grounds)
        self.gone.update(gone)
        self.new.update(new)
        kind = (
            was.verdict.checkpoint_id,
            was.verdict.decision,
            would_be.verdict.decision,
            gone,
            new,
        )
        if kind in self.kinds or len(self.kinds) < LISTED_MOST:
            self.kinds[kind] += 1
        else:
            self.beyond += 1


def effect_of(scan: Judged) -> Effect | None:
    if scan.was is None or scan.would_be is None:
        return None
    apart = GRAVITY[scan.would_be.verdict.decision] - GRAVITY[scan.was.verdict.decision]
    return "graver" if apart > 0 else "milder" if apart < 0 else "other_reasons"


def told_of(scans: Scans) -> dict[str, Any]:
    """The fields of a `Replayed` that the scans say."""
    tally = Tally()
    for scan in scans():
        tally.add(scan)
    deviations = first(deviation for scan in scans() if (deviation := deviation_of(scan)))
    changed = first(one for scan in scans() if (one := changed_of(scan)))
    return {
        "judged": tally.judged,
        "recorded": tally.recorded,
        "reproduced": tally.reproduced,
        "deviations": deviations,
        "deviations_beyond": tally.recorded - tally.reproduced - len(deviations),
        "changed": tally.changed,
        "decisions": [
            Decided(was=was, would_be=would_be, scans=scans)
            for (was, would_be), scans in tally.decisions.most_common()
        ],
        "grounds": [
            Ground(ground=one, gone=tally.gone[one], new=tally.new[one])
            for one in sorted({*tally.gone, *tally.new})
        ],
        "posts": [
            _post(tally, checkpoint_id)
            for checkpoint_id in sorted({checkpoint_id for checkpoint_id, _ in tally.posts})
        ],
        "changes": [
            _kind(kind, scans)
            for kind, scans in sorted(tally.kinds.items(), key=lambda one: (-one[1], one[0]))
        ],
        "changes_beyond": tally.beyond,
        "scans": changed,
        "scans_beyond": tally.changed - len(changed),
    }


L = TypeVar("L", ChangedScan, Deviation)


def first(found: Iterable[L]) -> list[L]:
    """Of any number the first that were scanned, in that order; no more are held than are listed."""
    return heapq.nsmallest(LISTED_MOST, found, key=lambda one: (one.scanned_at, one.scan_id))


def deviation_of(scan: Judged) -> Deviation | None:
    if scan.recorded is None:
        return None
    apart = {} if scan.was is None else fields_apart(scan.recorded, scan.was.verdict)
    return (
        None
        if scan.was is not None and not apart
        else Deviation(**_where(scan.recorded), fields=apart)
    )


def changed_of(scan: Judged) -> ChangedScan | None:
    if scan.was is None or scan.would_be is None:
        return None
    return ChangedScan(
        **_where(scan.was.verdict), was=_outcome(scan.was), would_be=_outcome(scan.would_be)
    )


def _where(verdict: VerdictReached) -> dict[str, Any]:
    return {
        "scan_id": verdict.scan_id,
        "checkpoint_id": verdict.checkpoint_id,
        "scanned_at": verdict.scanned_at,
    }


def _outcome(told: Told) -> Outcome:
    said = told.verdict
    return Outcome(
        policy_id=said.policy_id,
        decision=said.decision,
        reasons=said.reasons,
        flag_ids=said.flag_ids,
        grounds=list(told.grounds),
    )


def _post(tally: Tally, checkpoint_id: str) -> Post:
    counts: dict[str, int] = {
        effect: tally.posts[checkpoint_id, effect] for effect in get_args(Effect)
    }
    return Post(
        checkpoint_id=checkpoint_id,
        judged=sum(counts.values()) + tally.posts[checkpoint_id, None],
        **counts,
    )


def _kind(kind: Kind, scans: int) -> Change:
    checkpoint_id, was, would_be, gone, new = kind
    return Change(
        checkpoint_id=checkpoint_id,
        was=was,
        would_be=would_be,
        gone=list(gone),
        new=list(new),
        scans=scans,
    )
