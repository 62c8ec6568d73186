"""Sentences that citizens and officers see, in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence in Vietnamese and in English."""

    vi: str
    en: str
