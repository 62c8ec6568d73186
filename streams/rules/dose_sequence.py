"""`dose_sequence`: doses of one person that do not follow each other as they should: one is missing before this one, one was given twice,
too soon, or of vaccines that the policy does not put together (order 4655, 1: vaccination is managed on the population database). Least
days and mixes are the policy's: the sources do not settle them, and they differ by vaccine. One finding per dose, told on the later one."""

from collections.abc import Callable
from datetime import date

from schemas.contract.events import PolicyAdopted
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import Found, History, Rule
from streams.rules.touching import every_dose


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Found | None:
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    policy = reference.policy(dose.occurred_at)
    earlier = sorted(
        (other for other in history.doses.values() if _place(other) < _place(dose)), key=_place
    )
    found = {
        reason: [other.entry_id for other in earlier if against(dose, other, policy)]
        for reason, against in AGAINST_EARLIER.items()
    }
    reasons = tuple(reason for reason, causes in found.items() if causes)
    if dose.dose_number > 1 and all(
        other.dose_number != dose.dose_number - 1 for other in history.doses.values()
    ):
        reasons = ("dose_before_missing", *reasons)
    causes = dict.fromkeys((dose_id, *(cause for causes in found.values() for cause in causes)))
    return Found(reasons, tuple(causes), dose.occurred_at) if reasons else None


def _place(dose: Dose) -> tuple[date, int, str]:
    return dose.administered_on, dose.dose_number, dose.entry_id


def _repeats(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """On one day it is the same dose, recorded twice."""
    return (
        earlier.dose_number == dose.dose_number and earlier.administered_on < dose.administered_on
    )


def _too_soon(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """Days between doses of one day are `vaccination_mismatch`'s, as doses out of order."""
    days = (dose.administered_on - earlier.administered_on).days
    return earlier.dose_number < dose.dose_number and 0 < days < policy.dose_interval_least_days


def _mixed(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    first, second = _plain(earlier.product), _plain(dose.product)
    if first == second or not policy.dose_products_together:
        return False
    mixes = (
        {_plain(product) for product in mix.split("+")} for mix in policy.dose_products_together
    )
    return not any({first, second} <= mix for mix in mixes)


def _plain(product: str) -> str:
    """Exports differ in case, spaces and hyphens."""
    return "".join(letter for letter in product.casefold() if letter.isalnum())


AGAINST_EARLIER: dict[str, Callable[[Dose, Dose, PolicyAdopted], bool]] = {
    "dose_repeated": _repeats,
    "dose_interval_short": _too_soon,
    "products_not_together": _mixed,
}

DOSE_SEQUENCE = Rule(
    "dose_sequence",
    {Dose: every_dose},
    _judge,
    reasons=("dose_before_missing", *AGAINST_EARLIER),
    example="Dose 2 is dated 13 days after dose 1, where the policy wants 14 at least.",
)
