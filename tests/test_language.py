"""The tree reads as agreed: docstrings are sentences, variables have names, lines have a width."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.checked_files import COMPILED, PACKAGES, ROOT, found_in, name_of, sources, tracked

MAX_LINE_LENGTH = 100
FRAGMENT = re.compile(r"\W*(?:Of|By|As|Whom|Whose|Those|Likewise)\b")
"""A docstring that opens with one of these words is no sentence."""
OPENED_TEXT = re.compile(r'^\s*"""(.*)')
NAMELESS_LOOP = re.compile(r"\bfor\b[^#\n]*?\bone\b[^#\n]*?\bin\b")
GENERATED_PAGES = {
    "docs/clickhouse.md",
    "docs/rules.md",
    "docs/topics.md",
    "infra/clickhouse/schema.sql",
}
LAST_MIGRATION_OF_ANY_WIDTH = 43
"""A migration that has run is never edited; the later ones keep to the width."""
EXEMPTION = re.compile(r"\s*# (?:type: ignore|noqa).*$")
"""A tool reads its exemption on the line that it excuses: only what stands before it counts."""
LINK_TARGET = re.compile(r"\]\([^)]*\)|<?https?://[^\s>]+>?")


def test_no_docstring_opens_with_a_fragment() -> None:
    written = sources(*PACKAGES, suffixes=(".py", ".pyi", *COMPILED))
    assert found_in(written, _fragments) == []


def test_the_guard_of_docstrings_bites(tmp_path: Path) -> None:
    path = tmp_path / "fragments.py"
    path.write_text(
        '"""Of a module."""\nLIMIT = 3\n"""By the hour."""\n'
        'class A:\n    """Whose."""\n    x: int\n    """Those."""\n'
        '    def f(self):\n        """\n        As known."""\n'
        'async def g():\n    """Offers a sentence, as it should."""\n'
    )
    assert _fragments(path) == [f"fragments.py:{line}" for line in (1, 3, 5, 7, 9)]
    compiled = tmp_path / "fragments.pyx"
    compiled.write_text('cdef int f():\n    """Likewise, but compiled."""\n    return 1\n')
    assert _fragments(compiled) == ["fragments.pyx:2"]


def test_every_loop_variable_has_a_name() -> None:
    written = sources(*PACKAGES, "tests", "docs", suffixes=(".py", *COMPILED))
    assert found_in(written, _nameless_loops) == []


def test_the_guard_of_loop_variables_bites(tmp_path: Path) -> None:
    path = tmp_path / "loops.py"
    path.write_text(
        "for one in (): pass\na = [one for one in ()]\nfor i, (j, one) in (): pass\n"
        "async def f():\n    async for one in g(): pass\n"
        "one = 1\nb = {event.one: one for event in ()}\n"
    )
    assert _nameless_loops(path) == [f"loops.py:{line}" for line in (1, 2, 3, 5)]
    compiled = tmp_path / "loops.pyx"
    compiled.write_text("for i, one in pairs:\n    pass\nfor pair in (one, two):\n    pass\n")
    assert _nameless_loops(compiled) == ["loops.pyx:1"]


def test_no_line_is_too_wide_to_read() -> None:
    written = [*_code_and_sql(), *(path for path in tracked() if path.suffix == ".md")]
    assert found_in(written, _wide_lines) == []


def test_the_guard_of_width_bites(tmp_path: Path) -> None:
    wide = "w" * (MAX_LINE_LENGTH + 1)
    for name in ("wide.py", "wide.pyi", "wide.pyx", "wide.pxd", "wide.sql", "0044_wide.sql"):
        (tmp_path / name).write_text(f"{wide[1:]}\n# {wide}\n")
        assert _wide_lines(tmp_path / name) == [f"{name}:2"]
    exempt = tmp_path / "exempt.py"
    exempt.write_text(f"call()  # noqa: S101 -- {wide}\n{wide}  # type: ignore[misc] # short\n")
    assert _wide_lines(exempt) == ["exempt.py:2"]
    page = tmp_path / "page.md"
    page.write_text(
        f"{wide}\n| {wide} |\n  - see [this](https://{wide}) and https://{wide}\n"
        f"```\n{wide}\n```\n    ~~~ text\n{wide}\n    ~~~\n> {wide}\n"
    )
    assert _wide_lines(page) == ["page.md:1", "page.md:10"]


def test_what_may_be_wide_is_there() -> None:
    assert {name for name in GENERATED_PAGES if not (ROOT / name).exists()} == set()
    assert len(_migrations_of_any_width()) > 1


def _fragments(path: Path) -> list[str]:
    """Returns the places of docstrings, those of attributes included, that open with a fragment."""
    return [f"{name_of(path)}:{line}" for line, text in _docstrings(path) if FRAGMENT.match(text)]


def _docstrings(path: Path) -> list[tuple[int, str]]:
    """Returns line and text of every string that stands alone as a statement."""
    text, docstrings = path.read_text(encoding="utf-8"), []
    if path.suffix in COMPILED:
        for number, line in enumerate(text.splitlines(), start=1):
            opened = OPENED_TEXT.match(line)
            if opened:
                docstrings.append((number, opened[1]))
        return docstrings
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant):
            continue
        if isinstance(node.value.value, str):
            docstrings.append((node.lineno, node.value.value))
    return sorted(docstrings)


def _nameless_loops(path: Path) -> list[str]:
    """Returns the places of loops and comprehensions whose variable is called `one`."""
    text = path.read_text(encoding="utf-8")
    if path.suffix in COMPILED:
        lines = enumerate(text.splitlines(), start=1)
        return [f"{name_of(path)}:{number}" for number, line in lines if NAMELESS_LOOP.search(line)]
    numbers = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            variables = [name for name in ast.walk(node.target) if isinstance(name, ast.Name)]
            numbers += [name.lineno for name in variables if name.id == "one"]
    return [f"{name_of(path)}:{number}" for number in sorted(numbers)]


def _code_and_sql() -> Iterator[Path]:
    wide = _migrations_of_any_width()
    for path in tracked():
        if path.suffix in {".py", ".pyi", ".sql", *COMPILED} and path not in wide:
            yield path


def _migrations_of_any_width() -> set[Path]:
    directory = ROOT / "infra" / "clickhouse" / "migrations"
    return {
        path
        for path in directory.glob("*.sql")
        if int(path.name.partition("_")[0]) <= LAST_MIGRATION_OF_ANY_WIDTH
    }


def _wide_lines(path: Path) -> list[str]:
    if name_of(path) in GENERATED_PAGES:
        return []
    lines = list(enumerate(path.read_text(encoding="utf-8").splitlines(), start=1))
    if path.suffix == ".md":
        lines = _prose(lines)
    elif path.suffix in {".py", ".pyi"}:
        lines = [(number, EXEMPTION.sub("", line)) for number, line in lines]
    return [f"{name_of(path)}:{number}" for number, line in lines if len(line) > MAX_LINE_LENGTH]


def _prose(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Returns a page's lines without tables, code blocks and the targets of links."""
    prose, in_code = [], False
    for number, line in lines:
        opening = line.strip().removeprefix("> ")
        if opening.startswith(("```", "~~~")):
            in_code = not in_code
        elif not in_code and not opening.startswith("|"):
            prose.append((number, LINK_TARGET.sub("]", line)))
    return prose
