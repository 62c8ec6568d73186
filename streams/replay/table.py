"""Makes the result of a replay from its scans: verdicts reproduced, and decisions changed.

Both are counted, and listed up to a limit.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar, get_args

from infra.replays.result import (
    MAX_LISTED,
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
from streams.replay.worlds import ReachedVerdict, ReplayedScan, differing_fields

Scans = Callable[[], Iterator[ReplayedScan]]
"""Gives the scans from the beginning at each call: they are read from the disk, never held."""


class KindOfChange(NamedTuple):
    """Changed scans of one checkpoint that lose and gain the same decision and grounds.

    A ground is what was found about a scan, as `rule/reason`.
    """

    checkpoint_id: str
    original: Decision
    candidate: Decision
    gone: tuple[str, ...]
    new: tuple[str, ...]


@dataclass
class Tally:
    """Counts scans as they are added: those judged, reproduced and changed, and how."""

    judged: int = 0
    recorded: int = 0
    reproduced: int = 0
    changed: int = 0
    decisions: Counter[tuple[Decision, Decision]] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    new: Counter[str] = field(default_factory=Counter)
    checkpoints: Counter[tuple[str, Effect | None]] = field(default_factory=Counter)
    kinds: Counter[KindOfChange] = field(default_factory=Counter)
    beyond: int = 0
    """Changed scans whose kind of change is not listed."""

    def add(self, scan: ReplayedScan) -> None:
        if scan.recorded is not None:
            self.recorded += 1
            self.reproduced += _is_reproduced(scan)
        if scan.original is None:
            return
        self.judged += 1
        original = scan.original.verdict
        candidate = (scan.candidate or scan.original).verdict
        self.decisions[original.decision, candidate.decision] += 1
        self.checkpoints[original.checkpoint_id, effect_of(scan)] += 1
        if scan.candidate is not None:
            self._add_change(scan.original, scan.candidate)

    def _add_change(self, original: ReachedVerdict, candidate: ReachedVerdict) -> None:
        self.changed += 1
        kind = KindOfChange(
            original.verdict.checkpoint_id,
            original.verdict.decision,
            candidate.verdict.decision,
            gone=tuple(ground for ground in original.grounds if ground not in candidate.grounds),
            new=tuple(ground for ground in candidate.grounds if ground not in original.grounds),
        )
        self.gone.update(kind.gone)
        self.new.update(kind.new)
        if kind in self.kinds or len(self.kinds) < MAX_LISTED:
            self.kinds[kind] += 1
        else:
            self.beyond += 1


def effect_of(scan: ReplayedScan) -> Effect | None:
    """Returns what the candidate policy does to a scan; None where it changes nothing."""
    if scan.original is None or scan.candidate is None:
        return None
    before = GRAVITY[scan.original.verdict.decision]
    after = GRAVITY[scan.candidate.verdict.decision]
    if after > before:
        return "graver"
    return "milder" if after < before else "other_reasons"


def result_fields(scans: Scans) -> dict[str, Any]:
    """Returns the fields of a `Replayed` that are counted and listed from the scans."""
    tally = Tally()
    for scan in scans():
        tally.add(scan)
    deviations = first_scanned(map(deviation_of, scans()))
    changed = first_scanned(map(changed_of, scans()))
    return {
        "judged": tally.judged,
        "recorded": tally.recorded,
        "reproduced": tally.reproduced,
        "deviations": deviations,
        "deviations_beyond": tally.recorded - tally.reproduced - len(deviations),
        "changed": tally.changed,
        "decisions": _decisions(tally),
        "grounds": _grounds(tally),
        "posts": _checkpoints(tally),
        "changes": _changes(tally),
        "changes_beyond": tally.beyond,
        "scans": changed,
        "scans_beyond": tally.changed - len(changed),
    }


L = TypeVar("L", ChangedScan, Deviation)


def first_scanned(items: Iterable[L | None]) -> list[L]:
    """Returns the items that were scanned first, up to the limit of a list, without the Nones.

    No more than these are held in memory at a time.
    """
    present = (item for item in items if item is not None)
    return heapq.nsmallest(MAX_LISTED, present, key=lambda item: (item.scanned_at, item.scan_id))


def deviation_of(scan: ReplayedScan) -> Deviation | None:
    """Returns how the replay's verdict differs from the recorded one; None where it does not."""
    if scan.recorded is None or _is_reproduced(scan):
        return None
    if scan.original is None:
        return Deviation(**_where(scan.recorded), fields={})
    fields = differing_fields(scan.recorded, scan.original.verdict)
    return Deviation(**_where(scan.recorded), fields=fields)


def changed_of(scan: ReplayedScan) -> ChangedScan | None:
    """Returns both outcomes of a scan; None where the candidate policy changes nothing."""
    if scan.original is None or scan.candidate is None:
        return None
    return ChangedScan(
        **_where(scan.original.verdict),
        was=_outcome(scan.original),
        would_be=_outcome(scan.candidate),
    )


def _is_reproduced(scan: ReplayedScan) -> bool:
    if scan.recorded is None or scan.original is None:
        return False
    return not differing_fields(scan.recorded, scan.original.verdict)


def _where(verdict: VerdictReached) -> dict[str, Any]:
    return {
        "scan_id": verdict.scan_id,
        "checkpoint_id": verdict.checkpoint_id,
        "scanned_at": verdict.scanned_at,
    }


def _outcome(reached: ReachedVerdict) -> Outcome:
    verdict = reached.verdict
    return Outcome(
        policy_id=verdict.policy_id,
        decision=verdict.decision,
        reasons=verdict.reasons,
        flag_ids=verdict.flag_ids,
        grounds=list(reached.grounds),
    )


def _decisions(tally: Tally) -> list[Decided]:
    return [
        Decided(was=original, would_be=candidate, scans=scans)
        for (original, candidate), scans in tally.decisions.most_common()
    ]


def _grounds(tally: Tally) -> list[Ground]:
    return [
        Ground(ground=ground, gone=tally.gone[ground], new=tally.new[ground])
        for ground in sorted({*tally.gone, *tally.new})
    ]


def _checkpoints(tally: Tally) -> list[Post]:
    checkpoint_ids = {checkpoint_id for checkpoint_id, _ in tally.checkpoints}
    return [_checkpoint(tally, checkpoint_id) for checkpoint_id in sorted(checkpoint_ids)]


def _checkpoint(tally: Tally, checkpoint_id: str) -> Post:
    counts: dict[str, int] = {
        effect: tally.checkpoints[checkpoint_id, effect] for effect in get_args(Effect)
    }
    unchanged = tally.checkpoints[checkpoint_id, None]
    return Post(checkpoint_id=checkpoint_id, judged=sum(counts.values()) + unchanged, **counts)


def _changes(tally: Tally) -> list[Change]:
    """Returns the kinds of change, those with most scans first."""
    in_order = sorted(tally.kinds.items(), key=lambda item: (-item[1], item[0]))
    return [_change(kind, scans) for kind, scans in in_order]


def _change(kind: KindOfChange, scans: int) -> Change:
    return Change(
        checkpoint_id=kind.checkpoint_id,
        was=kind.original,
        would_be=kind.candidate,
        gone=list(kind.gone),
        new=list(kind.new),
        scans=scans,
    )
