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
HEAD = re.compile(LINK.pattern + r":\s+(?P<names>`[\w.]+`(?:,\s+`[\w.]+`)*)\.")
"""A step begins with the file, and with what to look at in it."""
IN_TEXT = re.compile(r"`([^`]+)`")
TABLE = re.compile(r"^CREATE TABLE (\w+)$", re.MULTILINE)


LOOKED_UP = {
    "body.document",
    "WithDocument",
    "Submission.about_holder",
    "Submission.retry_id",
    "Identify._identify",
    "Identify._at_every_person",
    "JourneyIdentified",
    "COLUMNS",
}
"""What the code of a step calls or makes, and readers who were not told of it went back for."""


class Step(NamedTuple):
    path: str
    names: list[str]
    """Names that the step tells the reader to look at."""
    text: str
    """The sentences after these names."""


def section() -> str:
    return PAGE.read_text(encoding="utf-8").partition(HEADING)[2].partition("\n## ")[0]


def steps() -> list[Step]:
    """Returns the file of each step, and the names in it that the reader looks at."""
    steps: list[Step] = []
    for step in STEP.finditer(section()):
        head = HEAD.match(step["text"])
        assert head is not None, f"a step begins otherwise than with its file: {step['text']}"
        assert head["path"] == head["target"]
        names = re.split(r",\s+", head["names"].replace("`", ""))
        steps.append(Step(head["path"], names, step["text"][head.end() :]))
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


def test_every_step_speaks_only_of_what_stands_in_its_file() -> None:
    for step in steps():
        file_text = (CHECKOUT / step.path).read_text(encoding="utf-8")
        for named in IN_TEXT.findall(step.text):
            assert re.search(rf"(?<!\w){re.escape(named)}(?!\w)", file_text), (step.path, named)


def test_no_step_is_silent_about_what_a_reader_would_go_back_for() -> None:
    named = set[str]()
    for step in steps():
        named |= {*step.names, *IN_TEXT.findall(step.text)}
    assert named >= LOOKED_UP


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
