"""The tree keeps to its rules: where things live, and how long a file or function may be."""

import ast
import re
from pathlib import Path

from schemas.contract.codec import EVENT_TYPES
from tests.checked_files import COMPILED, PACKAGES, ROOT, found_in, name_of, sources, tracked
from tests.slow_files import SLOW_FILES, TESTS

TOP = {"streams", "schemas", "api", "dashboards", "infra", "tests", "docs", ".ci"}
MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
LONGER_FILES: dict[str, str] = {}
LOCK_FILES = (
    "requirements.lock",
    "infra/stack/jars.lock",
    "tests/bench/profiler.lock",
    "tests/bench/peers/jars.lock",
    "tests/bench/peers/quix.lock",
)
EXEMPTION = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\])(?P<reason>.*)$")
SHORTEST_REASON = 5


def test_top_level_holds_the_named_folders_and_root_files_only() -> None:
    folders = set()
    for path in tracked():
        parts = path.relative_to(ROOT).parts
        if len(parts) > 1:
            folders.add(parts[0])
    assert folders <= TOP


def test_no_file_is_too_long_to_say_one_thing() -> None:
    written = sources(*PACKAGES, "tests", suffixes=(".py", ".pyi", *COMPILED))
    long = {name_of(path) for path in written if _line_count(path) > MAX_FILE_LINES}
    assert long == set(LONGER_FILES)


def test_every_file_that_is_put_first_because_it_is_slow_is_there() -> None:
    assert [name for name in SLOW_FILES if not (TESTS / name).is_file()] == []


def test_no_function_is_too_long_to_say_one_thing() -> None:
    assert found_in(sources(*PACKAGES), _long_functions) == []


def test_the_length_guard_bites(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text("def long():\n" + "    pass\n" * MAX_FUNCTION_LINES)
    assert _long_functions(path) == ["long.py:long"]
    path.write_text("def short():\n" + "    pass\n" * (MAX_FUNCTION_LINES - 1))
    assert _long_functions(path) == []


def test_events_are_given_their_fields_by_name() -> None:
    """Two fields of one type that stand beside each other could be exchanged unnoticed."""
    assert found_in(sources(*PACKAGES, "tests"), _calls_by_place) == []


def test_the_guard_of_names_bites(tmp_path: Path) -> None:
    (tmp_path / "by_place.py").write_text(
        "events.FlagCleared('a', 'b')\nFlagCleared(flag_id='a')\nHeldDocument('cmnd', '1')\n"
    )
    assert _calls_by_place(tmp_path / "by_place.py") == ["by_place.py:1"]


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    bare = []
    for path in sources(*PACKAGES):
        text = path.read_text(encoding="utf-8")
        if text.strip() and not ast.get_docstring(ast.parse(text)):
            bare.append(name_of(path))
    assert bare == []


def test_lock_files_hold_no_address() -> None:
    assert [name for name in LOCK_FILES if re.search(r"https?://", (ROOT / name).read_text())] == []


def test_every_exemption_from_the_checks_gives_its_reason() -> None:
    bare = []
    for path in sources(*PACKAGES, "tests"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            exemption = EXEMPTION.search(line)
            if exemption and len(exemption["reason"].strip(" #-")) < SHORTEST_REASON:
                bare.append(f"{name_of(path)}:{number}")
    assert bare == []


def test_sql_lives_in_sql_files_where_a_client_asks() -> None:
    texts = [
        name_of(path)
        for path in sources("api")
        if re.search(r"\"\"\"\s*SELECT|f\"SELECT", path.read_text())
    ]
    assert texts == []


def _line_count(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def _long_functions(path: Path) -> list[str]:
    long = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or 0) - node.lineno + 1
        if lines > MAX_FUNCTION_LINES:
            long.append(f"{name_of(path)}:{node.name}")
    return long


def _calls_by_place(path: Path) -> list[str]:
    """Returns the calls that give an event its fields without naming them."""
    calls = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        if ast.unparse(node.func).rpartition(".")[2] in EVENT_TYPES:
            calls.append(f"{name_of(path)}:{node.lineno}")
    return calls
