"""The result of a replay, as its process writes it and the doors read it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from schemas.contract.terms import Decision

Effect = Literal["graver", "milder", "other_reasons"]
MAX_LISTED = 1_000
"""Largest number of scans in each list; a count beside the list says how many more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A verdict in one of the two worlds.

    `grounds` is what was found about the scan, as `rule/reason`, which is how a policy names it.
    """

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
    """A scan whose recorded verdict the replay with the policies as they were does not give.

    `fields` holds those that differ, each as recorded and as replayed. It is empty where the
    journal has no such scan.
    """

    scan_id: str
    checkpoint_id: str
    scanned_at: datetime
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Counts the scans that were decided one way and would be decided another, or the same."""

    was: Decision
    would_be: Decision
    scans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Counts the verdicts in which a ground would no longer stand, and those in which it is new."""

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
    """The decision of these changed scans stays the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Counts the scans of one checkpoint that change alike."""

    checkpoint_id: str
    was: Decision
    would_be: Decision
    gone: list[str]
    new: list[str]
    scans: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The result of a replay over one period.

    `judged` counts the scans that the journal has, each judged when it first appeared there.
    `recorded` counts the scans, in the journal or not, that a verdict was written of. `reproduced`
    counts those of them whose verdict the policies as they were give again, in every field but the
    time of the decision. `passed_over` counts records that no stage could use, then or now.
    """

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
    """The change with most scans comes first."""
    changes_beyond: int
    """Number of scans that change in a way not listed."""
    scans: list[ChangedScan]
    """Changed scans, in the order in which they were scanned."""
    scans_beyond: int
