"""The reasons for which officers may decide otherwise, as checkpoints read them."""

from pathlib import Path
from typing import get_args

from schemas.contract.terms import OverrideReason
from schemas.domain.overriding import OVERRIDE_REASONS

MANUAL = Path(__file__).parents[2] / "docs" / "posts.md"


def test_the_manual_has_every_reason_in_both_languages() -> None:
    assert set(OVERRIDE_REASONS) == set(get_args(OverrideReason))
    rows = {f"| `{code}` | {text.vi} | {text.en} |" for code, text in OVERRIDE_REASONS.items()}
    assert rows <= set(MANUAL.read_text(encoding="utf-8").splitlines())
