"""A dose record has a known number but another name or birth date, or doses are out of order.

Order 4655, 1, has vaccination managed on the population database. There is one finding per dose.
"""

from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import History
from streams.rules.neighbours import doses_around
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import doses_compared


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    """Finds a dose that was given before one of a lower number, or on its day."""
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    reasons = _differing(dose)
    out_of_order = sorted(
        other.entry_id for other in doses_around(dose, history) if _should_come_before(other, dose)
    )
    if out_of_order:
        reasons.append("doses_out_of_order")
    if not reasons:
        return None
    return Judgement(tuple(reasons), (dose_id, *out_of_order), dose.occurred_at)


def _should_come_before(other: Dose, dose: Dose) -> bool:
    """Returns whether the other dose has a lower number, and yet was not given before."""
    return other.dose_number < dose.dose_number and other.administered_on >= dose.administered_on


def _differing(dose: Dose) -> list[str]:
    """Returns reasons for name and birth date, unless both are only near; the sex is left out."""
    reasons = [reason for reason in dose.match.differing() if not reason.startswith("sex")]
    if any(reason.endswith("different") for reason in reasons):
        return reasons
    return []


VACCINATION_MISMATCH = Rule(
    "vaccination_mismatch",
    {Dose: doses_compared},
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
