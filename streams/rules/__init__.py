"""The rules: each finds one kind of thing in a person's history and the reference data. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from streams.rules.case_at_post import CASE_AT_POST
from streams.rules.certificate import CERTIFICATE
from streams.rules.code_not_in_force import CODE_NOT_IN_FORCE
from streams.rules.code_not_trusted import CODE_NOT_TRUSTED
from streams.rules.code_of_another import CODE_OF_ANOTHER
from streams.rules.destination_not_reached import DESTINATION_NOT_REACHED
from streams.rules.dose_record import DOSE_RECORD
from streams.rules.dose_sequence import DOSE_SEQUENCE
from streams.rules.entries import KINDS, Judged
from streams.rules.green_lane import GREEN_LANE
from streams.rules.health_declared import HEALTH_DECLARED
from streams.rules.health_test import HEALTH_TEST
from streams.rules.history import History
from streams.rules.identity_mismatch import IDENTITY_MISMATCH
from streams.rules.impossible_travel import IMPOSSIBLE_TRAVEL
from streams.rules.no_valid_declaration import NO_VALID_DECLARATION
from streams.rules.number_contradiction import NUMBER_CONTRADICTION
from streams.rules.off_declared_route import OFF_DECLARED_ROUTE
from streams.rules.plate_not_declared import PLATE_NOT_DECLARED
from streams.rules.red_zone_crossing import RED_ZONE_CROSSING
from streams.rules.residence_mismatch import RESIDENCE_MISMATCH
from streams.rules.reused_id import REUSED_ID
from streams.rules.rule import Finding, Rule, Touch
from streams.rules.two_names import TWO_NAMES
from streams.rules.under_order import UNDER_ORDER
from streams.rules.unknown_document import UNKNOWN_DOCUMENT
from streams.rules.vaccination_mismatch import VACCINATION_MISMATCH

RULES: tuple[Rule, ...] = (
    IDENTITY_MISMATCH,
    UNKNOWN_DOCUMENT,
    NUMBER_CONTRADICTION,
    TWO_NAMES,
    RESIDENCE_MISMATCH,
    NO_VALID_DECLARATION,
    CODE_NOT_IN_FORCE,
    CODE_OF_ANOTHER,
    CODE_NOT_TRUSTED,
    PLATE_NOT_DECLARED,
    RED_ZONE_CROSSING,
    VACCINATION_MISMATCH,
    DOSE_SEQUENCE,
    DOSE_RECORD,
    HEALTH_DECLARED,
    UNDER_ORDER,
    CASE_AT_POST,
    GREEN_LANE,
    IMPOSSIBLE_TRAVEL,
    OFF_DECLARED_ROUTE,
    DESTINATION_NOT_REACHED,
    CERTIFICATE,
    HEALTH_TEST,
    REUSED_ID,
)


def touched_by(
    rules: Iterable[Rule],
) -> Mapping[type[Judged], Sequence[tuple[Touch, Sequence[Rule]]]]:
    """Returns the touches of each kind of entry, each with the rules that share it."""
    touches: dict[type[Judged], dict[Touch, list[Rule]]] = {kind: {} for kind in KINDS}
    for rule in rules:
        for kind, rules_by_touch in touches.items():
            if kind in rule.touched:
                rules_by_touch.setdefault(rule.touched[kind], []).append(rule)
    return {kind: list(rules_by_touch.items()) for kind, rules_by_touch in touches.items()}


TOUCHED_BY = touched_by(RULES)

__all__ = ["RULES", "TOUCHED_BY", "Finding", "History", "Rule", "touched_by"]
