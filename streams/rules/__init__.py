"""The rules: one kind of flag each, pure, over one person's history and the reference data."""

from schemas.reference import ReferenceAsOf
from streams.rules.history import Finding, History, Rule
from streams.rules.identity_mismatch import identity_mismatch
from streams.rules.no_valid_declaration import no_valid_declaration
from streams.rules.red_zone_crossing import red_zone_crossing
from streams.rules.unknown_document import unknown_document
from streams.rules.vaccination_mismatch import vaccination_mismatch

RULES: tuple[Rule, ...] = (
    identity_mismatch,
    unknown_document,
    no_valid_declaration,
    red_zone_crossing,
    vaccination_mismatch,
)


def findings(history: History, reference: ReferenceAsOf) -> list[Finding]:
    """Everything the rules find in one history."""
    return [finding for rule in RULES for finding in rule(history, reference)]


__all__ = ["RULES", "Finding", "History", "findings"]
