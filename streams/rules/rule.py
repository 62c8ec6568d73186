"""Says what a rule is, and what it finds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from schemas.domain.reference import ReferenceAsOf, ReferenceKind
from streams.rules.entries import Entry

if TYPE_CHECKING:
    from streams.rules.history import History


class Judgement(msgspec.Struct, frozen=True, gc=False):
    """What a rule returns about a subject; the engine adds the rule's name and the subject.

    The causes are ids of events; the subject's own event comes first.
    """

    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


class Finding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A judgement with the name of its rule, and the entry or document that it is about."""

    rule: str
    subject: str
    reasons: tuple[str, ...]
    causes: tuple[str, ...]
    occurred_at: datetime


class OpenFlag(msgspec.Struct, frozen=True, array_like=True, gc=False):
    finding: Finding
    raised_at: datetime


Touch = Callable[[Any, "History", ReferenceAsOf], Iterable[str]]
"""Returns the subjects to judge again when this entry is added, changed or withdrawn."""
Touched = Mapping[type[Entry], Touch]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One kind of finding. A rule is pure: the same history and reference data give the same.

    Its functions raise nothing.
    """

    name: str
    touched: Touched
    """For each kind of entry, the subjects to judge when one comes, changes or goes.

    Entries of a kind that is not named touch nothing. All entries of a history together touch every
    subject about which there is anything to find.
    """
    judge: Callable[[str, "History", ReferenceAsOf], Judgement | None]
    """Returns the judgement of one subject; None if there is nothing to say, or no such subject."""
    reasons: tuple[str, ...]
    """Every code of `REASONS` that the rule may give."""
    example: str
    """One case in a sentence, for the page of rules."""
    reads: frozenset[ReferenceKind] = frozenset()
    """The reference data that the rule looks at: a change of any other kind touches nothing."""


def finding_of(rule: Rule, subject: str, judgement: Judgement) -> Finding:
    """Returns a judgement with the rule's name and the subject, which rules do not write."""
    return Finding(rule.name, subject, judgement.reasons, judgement.causes, judgement.occurred_at)
