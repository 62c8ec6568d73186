"""A reason of a flag or a verdict: what officers read, and what they check by hand for it."""

from dataclasses import dataclass

from schemas.domain.texts import Text


@dataclass(frozen=True, slots=True)
class Reason(Text):
    """A sentence in both languages.

    `manual_check` is the code in `BY_HAND` of the check that the reason calls for.
    """

    manual_check: str
