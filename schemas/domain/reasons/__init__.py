"""Every reason code of flags and verdicts.

Each code stands in one of the files beside, with its words and the check that it calls for.
"""

from collections.abc import Mapping

from schemas.contract.terms import CodeFault
from schemas.domain.reasons import health, identity, journeys
from schemas.domain.reasons.reason import Reason

REASONS: Mapping[str, Reason] = {**identity.REASONS, **journeys.REASONS, **health.REASONS}

REASON_OF_FAULT: Mapping[CodeFault, str] = {
    "unreadable": "code_unreadable",
    "key_unknown": "code_key_unknown",
    "key_revoked": "code_key_revoked",
    "signature_wrong": "code_signature_wrong",
}
"""The reason for each fault of a code of ours that cannot be trusted."""

__all__ = ["REASONS", "REASON_OF_FAULT", "Reason"]
