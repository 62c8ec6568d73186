"""Reads, verifies and grades health certificates by the European standard (`HC1:`).

Vietnam issues them by Decision 5772/QĐ-BYT. Everything here is a function of values.
"""

from schemas.domain.certificates.claims import Claims, hash_of_identifier, read_claims
from schemas.domain.certificates.envelope import MAX_TEXT_LENGTH, PREFIX, Unreadable, open_envelope
from schemas.domain.certificates.grading import Graded, grade_certificate
from schemas.domain.certificates.signatures import signer_key

__all__ = [
    "MAX_TEXT_LENGTH",
    "PREFIX",
    "Claims",
    "Graded",
    "Unreadable",
    "grade_certificate",
    "hash_of_identifier",
    "open_envelope",
    "read_claims",
    "signer_key",
]
