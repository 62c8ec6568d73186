"""`dose_record`: a dose record that cannot be true: given at two places on one day, before the person was born, or after the register had
removed them as deceased (order 4655, 1: vaccination is managed on the population database). One finding per dose."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import Found, History, Rule


def _touched(dose: Dose, history: History) -> tuple[str, ...]:
    """Doses are judged by those of the same day; its own id, for when it has gone."""
    return (
        dose.entry_id,
        *(
            other.entry_id
            for other in history.doses.values()
            if other.administered_on == dose.administered_on
        ),
    )


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    """Of two doses at two places it is told on one, the later by number."""
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    elsewhere = sorted(
        other.entry_id
        for other in history.doses.values()
        if _is_before(other, dose) and _is_elsewhere(other, dose)
    )
    said = (
        ("two_places_same_day", bool(elsewhere)),
        ("dose_before_birth", dose.before_birth),
        ("dose_after_death", dose.after_death),
    )
    reasons = tuple(reason for reason, so in said if so)
    return Found(reasons, (dose_id, *elsewhere), dose.occurred_at) if reasons else None


def _is_before(other: Dose, dose: Dose) -> bool:
    return other.administered_on == dose.administered_on and (other.dose_number, other.entry_id) < (
        dose.dose_number,
        dose.entry_id,
    )


def _is_elsewhere(other: Dose, dose: Dose) -> bool:
    """A record that names no place speaks against none."""
    first, second = (" ".join(one.facility.casefold().split()) for one in (other, dose))
    return bool(first and second) and first != second


DOSE_RECORD = Rule(
    "dose_record",
    {Dose: _touched},
    _judge,
    reasons=("two_places_same_day", "dose_before_birth", "dose_after_death"),
    example="A dose is dated the day after the register had removed the person as deceased.",
)
