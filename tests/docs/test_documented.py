"""The comparison with a documented answer bites, and forgives only what differs from run to run."""

import os
from pathlib import Path

import pytest

from tests.docs.documented import Step, matches, printed_by, steps_of

DOCUMENT = """
```text
a picture before any command
```

```bash
first
```

Words.

```json
{"id": "f24f57b3-…"}
```

```bash
second
```
"""


def test_an_answer_belongs_to_the_commands_above_it(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(DOCUMENT, encoding="utf-8")
    first, second = steps_of(page)
    assert (first.commands, first.answer) == ("first\n", '{"id": "f24f57b3-…"}\n')
    assert (second.commands, second.answer) == ("second\n", None)


@pytest.mark.parametrize(
    ("documented", "printed"),
    [
        ('{"id": "f24f57b3-…"}', '{"id":"52e3f96d-8a54-41b4-bc6e-a48656207342"}'),
        ('{"since": "2021-09-12T23:00:00Z"}', '{"since":"2022-10-01T00:30:00Z"}'),
        ("stack up in 11.8 s, data in …", "stack up in 50.5 s, data in /tmp/demo"),
        ('{"a": 1, …, "z": []}', '{"a": 1, "b": [2], "z": []}'),
    ],
)
def test_ids_times_and_numbers_of_another_run_match(documented: str, printed: str) -> None:
    assert matches(documented, printed)


@pytest.mark.parametrize(
    ("documented", "printed"),
    [
        ('{"decision": "turn_back", …}', '{"decision": "pass", "reasons": []}'),
        ('{"case_id": "…"}', '{"case_id": "1", "event_id": "2"}{'),
        ('{"generations": [1, 0]}', '{"generations": []}'),
        ("everything as planted: 45,021 events posted", "NOT what was planted: 7 events posted"),
    ],
)
def test_another_word_or_field_does_not_match(documented: str, printed: str) -> None:
    assert not matches(documented, printed)


def test_a_session_keeps_its_variables_and_ends_at_the_first_failure(tmp_path: Path) -> None:
    commands = ("NAME=an", 'echo "$NAME $GREETING"', "false", "echo never")
    steps = [Step(line, text, None) for line, text in enumerate(commands)]
    printed = printed_by(steps, before="GREETING=chao", environment=os.environ, directory=tmp_path)
    assert printed == ["", "an chao\n"]
