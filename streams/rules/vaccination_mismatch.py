"""`vaccination_mismatch`: a dose record whose number is known but whose name or birth date differ, or doses out of order (order 4655, 1:
vaccination is managed on the population database). One finding per dose."""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import Found, History, Rule
from streams.rules.touching import every_dose


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    """A later dose given before, or on the day of, an earlier one is told on the later one."""
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    differing = tuple(reason for reason in dose.match.differing() if not reason.startswith("sex"))
    if not any(reason.endswith("different") for reason in differing):
        differing = ()
    too_late = sorted(
        other.entry_id
        for other in history.doses.values()
        if other.dose_number < dose.dose_number and other.administered_on >= dose.administered_on
    )
    reasons = (*differing, *(("doses_out_of_order",) if too_late else ()))
    return Found(reasons, (dose_id, *too_late), dose.occurred_at) if reasons else None


VACCINATION_MISMATCH = Rule(
    "vaccination_mismatch",
    {Dose: every_dose},
    _judge,
    reasons=(
        "name_different",
        "name_near",
        "birth_date_different",
        "birth_date_near",
        "doses_out_of_order",
    ),
    example="Dose 2 is dated before dose 1.",
)
