"""The errors that `schemas` raises.

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
    """The root of everything that `schemas` raises."""


class Poison(SchemaError):
    """The record can never be read or used. The message says why, without personal data."""


class Busy(SchemaError):
    """The work has to wait. The message says for what."""


class UnreadableDocument(SchemaError):
    """The text is no identity document. The message says what is wrong with it."""


class UnreadablePlate(SchemaError):
    """The text is no number plate. The message says what is wrong with it."""


class UnknownPlace(SchemaError):
    """No single place has this name.

    `suggestions` are places that may have been meant, as `code name, district, province`.
    """

    def __init__(self, text: str, suggestions: Sequence[str]) -> None:
        hint = f"; did you mean {' | '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"no single commune of 2021 is called {text!r}{hint}")
        self.suggestions = list(suggestions)


class TokenError(SchemaError):
    """The root of what can be wrong with our own QR code."""


class TokenUnreadable(TokenError):
    """The text is not a code of ours, or was cut or blurred."""


class TokenKeyUnknown(TokenError):
    """The code is signed with a key we do not know."""


class TokenKeyRevoked(TokenError):
    """The code is signed with a key of ours that was revoked: others may have it."""


class TokenSignatureWrong(TokenError):
    """The code was changed after it was signed, or forged."""


class TokenExpired(TokenError):
    """The code is ours, and too old. `claims` hold what it says."""

    def __init__(self, sentence: str, claims: object) -> None:
        super().__init__(sentence)
        self.claims = claims
