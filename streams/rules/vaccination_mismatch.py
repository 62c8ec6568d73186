"""`vaccination_mismatch`: a dose record whose number is known but whose name or birth date differ, or doses out of order (order 4655, 1:
vaccination is managed on the population database)."""

from schemas.reference import ReferenceAsOf
from streams.rules.history import Dose, Finding, History


def vaccination_mismatch(history: History, reference: ReferenceAsOf) -> list[Finding]:
    """One finding per dose; a later dose given before, or on the day of, an earlier one is told on the later one."""
    return [finding for dose in history.doses.values() if (finding := _judge(dose, history.doses))]


def _judge(dose: Dose, doses: dict[str, Dose]) -> Finding | None:
    differing = tuple(reason for reason in dose.match.differing() if not reason.startswith("sex"))
    if not any(reason.endswith("different") for reason in differing):
        differing = ()
    too_late = sorted(
        other.entry_id for other in doses.values() if other.dose_number < dose.dose_number and other.administered_on >= dose.administered_on
    )
    reasons = (*differing, *(("doses_out_of_order",) if too_late else ()))
    if not reasons:
        return None
    return Finding("vaccination_mismatch", dose.entry_id, reasons, (dose.entry_id, *too_late), dose.occurred_at)
