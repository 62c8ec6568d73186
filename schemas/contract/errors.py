"""The errors of the contract.

SchemaError
├── Poison               a record that can never be read or used: never tried again
├── Busy                 not yet: wait and try again, order kept
├── UnreadableDocument   not an identity document in any form we know
├── UnreadablePlate      not a number plate
├── UnknownPlace         no such unit, or more than one; carries suggestions
└── TokenError           our own QR code cannot be trusted
    ├── TokenUnreadable
    ├── TokenKeyUnknown
    ├── TokenKeyRevoked
    ├── TokenSignatureWrong
    └── TokenExpired     carries the claims
"""

from collections.abc import Sequence


class SchemaError(Exception):
    """Root of everything `schemas` raises."""


class Poison(SchemaError):
    """The sentence says why, without personal data."""


class Busy(SchemaError):
    """The sentence says what is waited for."""


class UnreadableDocument(SchemaError):
    """The sentence says what is wrong with the text."""


class UnreadablePlate(SchemaError):
    """The sentence says what is wrong with the text."""


class UnknownPlace(SchemaError):
    """`suggestions`: places that may have been meant, as `code name, district, province`."""

    def __init__(self, text: str, suggestions: Sequence[str]) -> None:
        hint = f"; did you mean {' | '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"no single commune of 2021 is called {text!r}{hint}")
        self.suggestions = list(suggestions)


class TokenError(SchemaError):
    """Root of what can be wrong with our own QR code."""


class TokenUnreadable(TokenError):
    """It is not a code of ours, or was cut or blurred."""


class TokenKeyUnknown(TokenError):
    """Signed with a key we do not know."""


class TokenKeyRevoked(TokenError):
    """Signed with a key of ours that counts no longer: somebody else may have it."""


class TokenSignatureWrong(TokenError):
    """Somebody changed it."""


class TokenExpired(TokenError):
    """It is ours, and too old. `claims` are what it says."""

    def __init__(self, sentence: str, claims: object) -> None:
        super().__init__(sentence)
        self.claims = claims
