"""Two doors took one id for two documents, before either could know of the other.

Verdicts and codes are told by these ids: both documents keep theirs, and the one that came second
is flagged. There is one finding per scan or declaration, which goes with it to its owner.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Journey, Reuse, Scan
from streams.rules.history import History
from streams.rules.rule import Judgement, Rule


def _entry_under_the_id(
    reuse: Reuse, history: History, reference: ReferenceAsOf
) -> tuple[str, ...]:
    return (reuse.cause_id,)


def _itself(entry: Journey | Scan, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    return (entry.entry_id,) if history.reuses else ()


def _judge(entry_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    reuses = [reuse for reuse in history.reuses.values() if reuse.cause_id == entry_id]
    if not reuses or not _is_held(entry_id, history):
        return None
    first = min(reuses, key=lambda reuse: (reuse.occurred_at, reuse.entry_id))
    return Judgement((f"{first.id_kind}_id_reused",), (entry_id,), first.occurred_at)


def _is_held(entry_id: str, history: History) -> bool:
    """Returns whether a scan or journey has this id; it looks through all of them."""
    at_hand = history.scans.get(entry_id) or history.journeys.get(entry_id)
    if at_hand is not None:
        return True
    older = (*history.scans.pieces(), *history.journeys.pieces())
    return any(entry.entry_id == entry_id for entry in older)


REUSED_ID = Rule(
    "reused_id",
    {Reuse: _entry_under_the_id, Scan: _itself, Journey: _itself},
    _judge,
    reasons=("scan_id_reused", "declaration_id_reused"),
    example="Two devices of a post, set up from one copy, give their scans the same ids.",
)
