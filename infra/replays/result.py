"""What a replay found, as its process writes it and the doors read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from schemas.contract.terms import Decision

Effect = Literal["graver", "milder", "other_reasons"]
LISTED_MOST = 1_000
"""Scans of each list; how many there are beyond is told beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A verdict in one of the two worlds. `grounds`: what is found about the scan, as `rule/reason`, which is how a policy names it."""

    policy_id: str
    decision: Decision
    reasons: list[str]
    flag_ids: list[str]
    grounds: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedScan:
    scan_id: str
    checkpoint_id: str
    scanned_at: datetime
    was: Outcome
    would_be: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """A scan whose recorded verdict the replay with the policies as they were does not give. `fields`: those that differ, each as
    recorded and as replayed; none where the journal has no such scan."""

    scan_id: str
    checkpoint_id: str
    scanned_at: datetime
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Of the scans that were decided the one way and would be decided the other (or the same), how many there are."""

    was: Decision
    would_be: Decision
    scans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """In how many verdicts something found about a scan would not be told any more, and in how many it would be told besides."""

    ground: str
    gone: int
    new: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    checkpoint_id: str
    judged: int
    graver: int
    milder: int
    other_reasons: int
    """Changed scans that the decision stays the same of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Changed scans of one post that change alike."""

    checkpoint_id: str
    was: Decision
    would_be: Decision
    gone: list[str]
    new: list[str]
    scans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """`judged`: scans of the period that the journal has, each judged when it was first met. `recorded`: those of them, or besides, that a
    verdict was written of; `reproduced`: of those, the verdicts that the policies as they were give again, in every field but when it was
    decided. `passed_over`: records that no stage could use, then or now."""

    state: Literal["done"] = "done"
    since: datetime
    until: datetime
    policy_id: str | None
    replayed_at: datetime
    took_s: float
    records: int
    passed_over: int
    judged: int
    recorded: int
    reproduced: int
    deviations: list[Deviation]
    deviations_beyond: int
    changed: int
    decisions: list[Decided]
    grounds: list[Ground]
    posts: list[Post]
    changes: list[Change]
    """Most scans first."""
    changes_beyond: int
    """Scans whose kind of change is not listed."""
    scans: list[ChangedScan]
    """In the order in which they were scanned."""
    scans_beyond: int
