"""`python -m schemas.contract.generator`: writes every module of `schemas/contract/events`."""

from pathlib import Path

from schemas.contract.generator.modules import modules

EVENTS = Path(__file__).parents[1] / "events"


def main() -> None:
    """Writes the modules, and removes those of events that are no more."""
    texts = modules()
    for path in EVENTS.glob("*.py"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (EVENTS / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
