"""Doses of one person do not follow each other as they should.

A dose is missing before this one, or one was given twice, too soon, or of vaccines that the policy
does not combine. Order 4655, 1, has vaccination managed on the population database. The shortest
interval and the mixes are the policy's: the sources do not settle them, and they differ by vaccine.
There is one finding per dose, on the later one.
"""

from collections.abc import Callable
from datetime import date

from schemas.contract.events import PolicyAdopted
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import History, Judgement, Rule
from streams.rules.touching import every_dose


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    policy = reference.policy(dose.occurred_at)
    earlier = [other for other in history.doses.values() if _order(other) < _order(dose)]
    earlier.sort(key=_order)
    reasons: list[str] = []
    causes = {dose_id: None}
    if _lacks_the_one_before(dose, history):
        reasons.append("dose_before_missing")
    for reason, contradicts in AGAINST_EARLIER.items():
        against = [other.entry_id for other in earlier if contradicts(dose, other, policy)]
        if against:
            reasons.append(reason)
            causes.update(dict.fromkeys(against))
    if not reasons:
        return None
    return Judgement(tuple(reasons), tuple(causes), dose.occurred_at)


def _order(dose: Dose) -> tuple[date, int, str]:
    return dose.administered_on, dose.dose_number, dose.entry_id


def _lacks_the_one_before(dose: Dose, history: History) -> bool:
    if dose.dose_number <= 1:
        return False
    return all(other.dose_number != dose.dose_number - 1 for other in history.doses.values())


def _repeats(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """Returns False for doses of one day: they are one dose, recorded twice."""
    if earlier.dose_number != dose.dose_number:
        return False
    return earlier.administered_on < dose.administered_on


def _too_soon(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """Leaves doses of one day to `vaccination_mismatch`, as doses out of order."""
    days = (dose.administered_on - earlier.administered_on).days
    return earlier.dose_number < dose.dose_number and 0 < days < policy.dose_interval_least_days


def _mixed(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    products = {_plain(earlier.product), _plain(dose.product)}
    if len(products) == 1 or not policy.dose_products_together:
        return False
    return not any(products <= _products_of(mix) for mix in policy.dose_products_together)


def _products_of(mix: str) -> set[str]:
    """Reads a mix as policies write it: names joined by plus signs."""
    return {_plain(product) for product in mix.split("+")}


def _plain(product: str) -> str:
    """Drops what exports differ in: case, spaces and hyphens."""
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
