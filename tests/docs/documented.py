"""What a document promises: blocks of commands, each with the answer that is printed below it."""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^```(?P<kind>bash|json|text)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
ANYTHING, NUMBER = r".*?", r"\d[\d.,]*"
END_OF_STEP = "\x1e"
TIMEOUT_S = 600
EXAMPLE = re.compile(r"(?P<anything>(?:[0-9a-f]{8}-?)?…)|(?P<number>\d[\d.,]*)")
"""The first digits of an id stand before a `…`; numbers of another run are other numbers."""


@dataclass(frozen=True, slots=True)
class Step:
    """`line` is the line of the document at which the commands begin."""

    line: int
    commands: str
    answer: str | None


def steps_of(document: Path) -> list[Step]:
    """Returns the bash blocks in their order. A json or text block after one is its answer."""
    text = document.read_text(encoding="utf-8")
    steps: list[Step] = []
    for fence in FENCE.finditer(text):
        line = text.count("\n", 0, fence.start()) + 2
        if fence["kind"] == "bash":
            steps.append(Step(line, fence["text"], None))
        elif steps and steps[-1].answer is None:
            steps[-1] = Step(steps[-1].line, steps[-1].commands, fence["text"])
    return steps


def printed_by(
    steps: Sequence[Step], *, before: str, environment: Mapping[str, str], directory: Path
) -> list[str]:
    """Returns what each step prints in one session of bash, which ends at the first failure.

    The commands `before` come first.
    """
    script = f"set -e\n{before}\n"
    for step in steps:
        script += f"{step.commands}\nprintf '{END_OF_STEP}'\n"
    done = subprocess.run(
        ["bash", "-c", script],
        env=dict(environment),
        cwd=directory,
        stdout=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    return done.stdout.split(END_OF_STEP)[:-1]


def matches(documented: str, printed: str) -> bool:
    """Says whether the answer has the documented shape. White space does not count."""
    return re.fullmatch(_pattern_of(documented), _squeezed(printed), re.DOTALL) is not None


def _pattern_of(documented: str) -> str:
    text, parts, position = _squeezed(documented), [], 0
    for example in EXAMPLE.finditer(text):
        parts.append(re.escape(text[position : example.start()]))
        parts.append(NUMBER if example["number"] else ANYTHING)
        position = example.end()
    parts.append(re.escape(text[position:]))
    return "".join(parts)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)
