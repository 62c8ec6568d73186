"""`dibiendong release STAGE`: lets a stage go on that too many dead letters hold."""

from typing import Annotated

import typer

from infra.errors import SetupError
from infra.settings import Settings
from streams.stages import STAGES


def release(stage: Annotated[str, typer.Argument(help=f"One of {', '.join(STAGES)}.")]) -> None:
    """Mend the cause first: what held the stage is set aside again, up to the limit.

    Where more of it waits than the limit allows, set DIBIENDONG_DEAD_LETTERS_MAX higher for as
    long as that takes.
    """
    if stage not in STAGES:
        raise SetupError(f"There is no stage {stage}: the stages are {', '.join(STAGES)}.")
    held = sorted((Settings().data_dir / "state" / stage).glob("*/held"))
    for file in held:
        reason = file.read_text(encoding="utf-8").strip()
        typer.echo(f"{stage}, worker {file.parent.name}, released; it was held for: {reason}")
        (file.parent / "dead_letters.json").unlink(missing_ok=True)
        file.unlink()
    if not held:
        typer.echo(f"no worker of {stage} is held")
