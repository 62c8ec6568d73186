"""The open flags of a person, and the events that raise and clear them."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Protocol

from schemas.contract.events import FlagCleared, FlagRaised, JudgedEntry
from schemas.contract.ids import EventId, FlagId, PersonId, derive_id
from streams.rules.history import History
from streams.rules.rule import Finding, OpenFlag


class Flags(Protocol):
    """The open flags of one person."""

    def __bool__(self) -> bool: ...

    def about(self, subject: str) -> Mapping[str, OpenFlag]:
        """Returns the flags about a subject, by rule."""

    def put(self, flag: OpenFlag) -> None: ...

    def clear(self, flag: OpenFlag) -> None: ...


class OpenFlags:
    """`Flags` that lie on a person's cards."""

    def __init__(self, person: History) -> None:
        self._person = person

    def __bool__(self) -> bool:
        return self._person.has_cards

    def about(self, subject: str) -> Mapping[str, OpenFlag]:
        card = self._person.cards.get(subject)
        return card.flags if card else {}

    def put(self, flag: OpenFlag) -> None:
        self._person.cards.edit(flag.finding.subject).flags[flag.finding.rule] = flag

    def clear(self, flag: OpenFlag) -> None:
        del self._person.cards.edit(flag.finding.subject).flags[flag.finding.rule]


def flag_id_of(person_id: PersonId, finding: Finding) -> FlagId:
    return _flag_id(finding.rule, person_id, finding.subject)


@lru_cache(maxsize=20_000)
def _flag_id(rule: str, person_id: PersonId, subject: str) -> FlagId:
    """Caches ids: a flag raised by a scan, and the scan's verdict, need the same one at once."""
    return FlagId(derive_id("flag", rule, person_id, subject))


def raised(flag: OpenFlag, cause: JudgedEntry, version: int, reference_version: int) -> FlagRaised:
    finding = flag.finding
    return FlagRaised(
        flag_id=flag_id_of(cause.person_id, finding),
        person_id=cause.person_id,
        rule=finding.rule,
        subject=finding.subject,
        reasons=list(finding.reasons),
        causes=list(finding.causes),
        occurred_at=finding.occurred_at,
        reference_version=reference_version,
        version=version,
        raised_at=flag.raised_at,
    )


def cleared(flag: OpenFlag, cause: JudgedEntry, version: int) -> FlagCleared:
    finding = flag.finding
    return FlagCleared(
        flag_id=flag_id_of(cause.person_id, finding),
        person_id=cause.person_id,
        rule=finding.rule,
        subject=finding.subject,
        reasons=list(finding.reasons),
        causes=list(finding.causes),
        occurred_at=finding.occurred_at,
        raised_at=flag.raised_at,
        version=version,
        cause_id=EventId(cause.entry_id),
        cleared_at=cause.received_at,
    )
