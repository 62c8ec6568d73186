"""Reference data with both of its times: what was in force at an instant, as known at a version.

A version is the offset of the last `reference` record taken into account. So every answer given
with a version can be given again.
"""

from schemas.domain.reference.as_of import NOTHING_KNOWN, Reference, ReferenceAsOf, ReferenceKind
from schemas.domain.reference.exposure_rules import LATEST
from schemas.domain.reference.policies import DEFAULT_POLICY, parameters_of

__all__ = [
    "DEFAULT_POLICY",
    "LATEST",
    "NOTHING_KNOWN",
    "Reference",
    "ReferenceAsOf",
    "ReferenceKind",
    "parameters_of",
]
