"""The tree keeps to its rules: where things live, how long a file or function may be, one place for what must be in one place."""

import ast
import re
import subprocess
from collections.abc import Collection, Iterator
from pathlib import Path

from schemas.contract.codec import EVENT_TYPES

ROOT = Path(__file__).parents[1]
TOP = {"streams", "schemas", "api", "dashboards", "infra", "tests", "docs", ".ci"}
FILE_LINES_MOST, FUNCTION_LINES_MOST = 300, 50
LONGER_FILES: dict[str, str] = {}
LOCK_FILES = (
    "requirements.lock",
    "infra/stack/jars.lock",
    "tests/bench/profiler.lock",
    "tests/bench/peers/jars.lock",
    "tests/bench/peers/quix.lock",
)
PACKAGES = ("streams", "schemas", "api", "infra")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [ROOT / line for line in listed.splitlines() if (ROOT / line).exists()]


def sources(*tops: str, suffixes: Collection[str] = (".py",)) -> Iterator[Path]:
    return (
        path
        for path in tracked()
        if path.suffix in suffixes and path.relative_to(ROOT).parts[0] in tops
    )


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )


def too_long(path: Path) -> list[str]:
    return [
        f"{name_of(path)}:{node.name}"
        for node in functions(path)
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES_MOST
    ]


def test_top_level_holds_the_named_folders_and_root_files_only() -> None:
    folders = {
        path.relative_to(ROOT).parts[0]
        for path in tracked()
        if len(path.relative_to(ROOT).parts) > 1
    }
    assert folders <= TOP


def test_no_file_is_too_long_to_say_one_thing() -> None:
    written = sources(*PACKAGES, "tests", suffixes=(".py", ".pyi", ".pyx", ".pxd"))
    long = {
        name_of(path)
        for path in written
        if len(path.read_text(encoding="utf-8").splitlines()) > FILE_LINES_MOST
    }
    assert long == set(LONGER_FILES)


def test_no_function_is_too_long_to_say_one_thing() -> None:
    assert [found for path in sources(*PACKAGES) for found in too_long(path)] == []


def made_by_place(path: Path) -> list[str]:
    """Events that are given their fields without naming them: any two that stand beside each other may be of one type."""
    calls = (
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and node.args
    )
    return [
        f"{path.name}:{call.lineno}"
        for call in calls
        if ast.unparse(call.func).rpartition(".")[2] in EVENT_TYPES
    ]


def test_events_are_given_their_fields_by_name() -> None:
    assert [found for path in sources(*PACKAGES, "tests") for found in made_by_place(path)] == []


def test_the_guard_of_names_bites(tmp_path: Path) -> None:
    (tmp_path / "by_place.py").write_text(
        "events.FlagCleared('a', 'b')\nFlagCleared(flag_id='a')\nHeldDocument('cmnd', '1')\n"
    )
    assert made_by_place(tmp_path / "by_place.py") == ["by_place.py:1"]


def test_the_length_guard_bites(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text("def long():\n" + "    pass\n" * FUNCTION_LINES_MOST)
    assert [
        node.name
        for node in functions(tmp_path / "long.py")
        if (node.end_lineno or 0) - node.lineno + 1 > FUNCTION_LINES_MOST
    ]


def test_every_module_says_in_a_sentence_what_it_is() -> None:
    bare = [
        name_of(path)
        for path in sources(*PACKAGES)
        if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert bare == []


def test_lock_files_hold_no_address() -> None:
    assert [name for name in LOCK_FILES if re.search(r"https?://", (ROOT / name).read_text())] == []


def test_every_exemption_from_the_checks_gives_its_reason() -> None:
    exemption = re.compile(r"#\s*(?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z-, ]+\])(?P<reason>.*)$")
    bare = [
        f"{name_of(path)}:{number}"
        for path in sources(*PACKAGES, "tests")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if (found := exemption.search(line)) and len(found["reason"].strip(" #-")) < 5
    ]
    assert bare == []


def test_sql_lives_in_sql_files_where_a_client_asks() -> None:
    texts = [
        name_of(path)
        for path in sources("api")
        if re.search(r"\"\"\"\s*SELECT|f\"SELECT", path.read_text())
    ]
    assert texts == []
