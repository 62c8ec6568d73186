"""A dose record cannot be true.

The dose was given at two places on one day, before the person was born, or after the register had
removed them as deceased. Order 4655, 1, has vaccination managed on the population database. There
is one finding per dose.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import History
from streams.rules.neighbours import doses_around
from streams.rules.rule import Judgement, Rule


def _touched(dose: Dose, history: History, reference: ReferenceAsOf) -> tuple[str, ...]:
    """Returns the doses of the same day, which are compared with each other, and this one.

    This one is named for the case that it is withdrawn: its flag is cleared then.
    """
    same_day = [
        other.entry_id
        for other in doses_around(dose, history)
        if other.administered_on == dose.administered_on
    ]
    return (dose.entry_id, *same_day)


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    """Finds two doses at two places on one day on one of the two, that of the higher number."""
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    elsewhere = sorted(
        other.entry_id
        for other in doses_around(dose, history)
        if _is_before(other, dose) and _is_elsewhere(other, dose)
    )
    reasons = []
    if elsewhere:
        reasons.append("two_places_same_day")
    if dose.before_birth:
        reasons.append("dose_before_birth")
    if dose.after_death:
        reasons.append("dose_after_death")
    if not reasons:
        return None
    return Judgement(tuple(reasons), (dose_id, *elsewhere), dose.occurred_at)


def _is_before(other: Dose, dose: Dose) -> bool:
    """Returns whether both are of one day and the other goes first, by number and then by id."""
    if other.administered_on != dose.administered_on:
        return False
    return (other.dose_number, other.entry_id) < (dose.dose_number, dose.entry_id)


def _is_elsewhere(other: Dose, dose: Dose) -> bool:
    """Returns whether both records name a place, and the places differ."""
    first, second = _plain(other.facility), _plain(dose.facility)
    return bool(first and second) and first != second


def _plain(facility: str) -> str:
    return " ".join(facility.casefold().split())


DOSE_RECORD = Rule(
    "dose_record",
    {Dose: _touched},
    _judge,
    reasons=("two_places_same_day", "dose_before_birth", "dose_after_death"),
    example="A dose is dated the day after the register had removed the person as deceased.",
)
