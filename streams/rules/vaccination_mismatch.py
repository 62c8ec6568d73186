"""A dose record has a known number but another name or birth date, or doses are out of order.

Order 4655, 1, has vaccination managed on the population database. There is one finding per dose.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import History, Judgement, Rule
from streams.rules.touching import every_dose


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    """Reports a later dose given before, or on the day of, an earlier one on the later one."""
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    reasons = _differing(dose)
    too_late = sorted(
        other.entry_id
        for other in history.doses.values()
        if other.dose_number < dose.dose_number and other.administered_on >= dose.administered_on
    )
    if too_late:
        reasons.append("doses_out_of_order")
    if not reasons:
        return None
    return Judgement(tuple(reasons), (dose_id, *too_late), dose.occurred_at)


def _differing(dose: Dose) -> list[str]:
    """Returns the fields that differ, the sex aside; none if all of them are only near."""
    reasons = [reason for reason in dose.match.differing() if not reason.startswith("sex")]
    if any(reason.endswith("different") for reason in reasons):
        return reasons
    return []


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
