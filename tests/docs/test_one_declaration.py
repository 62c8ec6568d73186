"""The way of one declaration in ARCHITECTURE.md leads through files and names that exist."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

from infra.settings import CHECKOUT

PAGE = CHECKOUT / "ARCHITECTURE.md"
HEADING = "## Follow one declaration\n"
MAX_FILES = 10
STEP = re.compile(r"^\d+\. (?P<text>.*?)(?=^\d+\. |^$)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[(?P<path>[^\]]+)\]\((?P<target>[^)]+)\)")
HEAD = re.compile(LINK.pattern + r":\s+(?P<names>`[\w.]+`(?:, `[\w.]+`)*)\.")
"""A step begins with the file, and with what to look at in it."""
TABLE = re.compile(r"^CREATE TABLE (\w+)$", re.MULTILINE)


class Step(NamedTuple):
    path: str
    names: list[str]


def section() -> str:
    return PAGE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]


def steps() -> list[Step]:
    """Returns the file of each step, and the names in it that the reader looks at."""
    steps: list[Step] = []
    for step in STEP.finditer(section()):
        head = HEAD.match(step["text"])
        assert head is not None, f"a step begins otherwise than with its file: {step['text']}"
        assert head["path"] == head["target"]
        steps.append(Step(head["path"], head["names"].replace("`", "").split(", ")))
    return steps


def names_in(path: Path) -> set[str]:
    """Returns what a file defines: tables; or functions, values, and methods as `Class.method`."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".sql":
        return set(TABLE.findall(text))
    return set(_names(ast.parse(text).body))


def _names(body: list[ast.stmt], prefix: str = "") -> list[str]:
    names: list[str] = []
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.append(prefix + name)
            case ast.ClassDef(name=name, body=inner):
                names += [prefix + name, *_names(inner, f"{prefix}{name}.")]
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                names.append(prefix + name)
    return names


def test_every_step_names_something_that_its_file_defines() -> None:
    for step in steps():
        assert set(step.names) <= names_in(CHECKOUT / step.path), step.path


def test_a_reader_opens_few_files_and_none_twice() -> None:
    paths = [step.path for step in steps()]
    assert paths == [link["path"] for link in LINK.finditer(section())]
    assert 1 < len(paths) <= MAX_FILES
    assert len(set(paths)) == len(paths)


def test_a_name_that_a_file_does_not_define_is_noticed(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("LIMIT: int = 1\nclass A:\n    def go(self): ...\nasync def f(): ...\n")
    assert names_in(module) == {"LIMIT", "A", "A.go", "f"}
    table = tmp_path / "table.sql"
    table.write_text("CREATE TABLE scans\n(\n)\n")
    assert names_in(table) == {"scans"}
