"""A person's doses do not follow each other as they should.

The dose before this one is missing, or its number was given before, on another day. Or too few days
lie between two doses, or the policy does not allow their two vaccines for one person. The policy
sets the days and the mixes: they differ by vaccine, and no source settles them. Order 4655, 1, has
vaccination managed on the population database. There is one finding per dose: of two doses that do
not fit, the one given later has it.
"""

from collections.abc import Callable
from datetime import date

from schemas.contract.events import PolicyAdopted
from schemas.domain.reference import ReferenceAsOf
from streams.rules.entries import Dose
from streams.rules.history import History
from streams.rules.neighbours import doses_around
from streams.rules.rule import Judgement, Rule
from streams.rules.touching import doses_compared


def _judge(dose_id: str, history: History, reference: ReferenceAsOf) -> Judgement | None:
    dose = history.doses.get(dose_id)
    if dose is None:
        return None
    policy = reference.policy(dose.occurred_at)
    earlier_doses = _earlier_doses(dose, history)
    reasons: list[str] = []
    causes = {dose_id: None}
    if _lacks_previous_number(dose, history):
        reasons.append("dose_before_missing")
    for reason, conflicts in CONFLICTS_WITH_EARLIER.items():
        conflicting = [other.entry_id for other in earlier_doses if conflicts(dose, other, policy)]
        if conflicting:
            reasons.append(reason)
            causes.update(dict.fromkeys(conflicting))
    if not reasons:
        return None
    return Judgement(tuple(reasons), tuple(causes), dose.occurred_at)


def _earlier_doses(dose: Dose, history: History) -> list[Dose]:
    around = doses_around(dose, history)
    earlier = [other for other in around if _order(other) < _order(dose)]
    earlier.sort(key=_order)
    return earlier


def _order(dose: Dose) -> tuple[date, int, str]:
    """Orders doses by day; those of one day by number, and those of one number by id."""
    return dose.administered_on, dose.dose_number, dose.entry_id


def _lacks_previous_number(dose: Dose, history: History) -> bool:
    """Returns whether no dose, of whatever day, has the number before this dose's."""
    if dose.dose_number <= 1:
        return False
    around = doses_around(dose, history)
    return all(other.dose_number != dose.dose_number - 1 for other in around)


def _repeats(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """Returns whether the same number was given on an earlier day.

    Two records of one number and day are no repetition: they count as one dose, recorded twice.
    """
    if earlier.dose_number != dose.dose_number:
        return False
    return earlier.administered_on < dose.administered_on


def _too_soon(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """Returns whether fewer days than the policy wants lie after a dose of a lower number.

    Two numbers on one day are not found here: `vaccination_mismatch` finds doses out of order.
    """
    if earlier.dose_number >= dose.dose_number:
        return False
    days = (dose.administered_on - earlier.administered_on).days
    return 0 < days < policy.dose_interval_least_days


def _mixed(dose: Dose, earlier: Dose, policy: PolicyAdopted) -> bool:
    """Returns whether the vaccines differ and no mix of the policy has both.

    A policy without mixes does not look at vaccines. An unknown vaccine differs from none: states
    stored before doses had a product hold an empty one, and an export may have a dash for it.

    Two names of one vaccine differ here, even in two records of one number and day: the rule cannot
    tell a second name from a second vaccine. A policy that lists both names as a mix says that they
    go together.
    """
    products = {_plain(earlier.product), _plain(dose.product)}
    if len(products) == 1 or "" in products or not policy.dose_products_together:
        return False
    return not any(products <= _products_of(mix) for mix in policy.dose_products_together)


def _products_of(mix: str) -> set[str]:
    """Reads a mix as policies write it: names joined by plus signs."""
    return {_plain(product) for product in mix.split("+")}


def _plain(product: str) -> str:
    """Drops what exports differ in: case, spaces and hyphens."""
    return "".join(letter for letter in product.casefold() if letter.isalnum())


CONFLICTS_WITH_EARLIER: dict[str, Callable[[Dose, Dose, PolicyAdopted], bool]] = {
    "dose_repeated": _repeats,
    "dose_interval_short": _too_soon,
    "products_not_together": _mixed,
}

DOSE_SEQUENCE = Rule(
    "dose_sequence",
    {Dose: doses_compared},
    _judge,
    reasons=("dose_before_missing", *CONFLICTS_WITH_EARLIER),
    reads=frozenset({"policies"}),
    example="Dose 2 is dated 13 days after dose 1, where the policy wants 14 at least.",
)
