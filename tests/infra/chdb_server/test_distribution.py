"""The server is a distribution: it names what it needs, and its wheel holds all that it runs."""

import ast
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

from infra.settings import CHECKOUT

FOLDER = CHECKOUT / "infra" / "chdb_server"
MODULES = (*sorted(FOLDER.glob("*.py")), CHECKOUT / "infra" / "connections.py")


def imported(path: Path) -> Iterator[str]:
    """Yields the full name of each module that `path` imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def imports() -> set[str]:
    names: set[str] = set()
    for path in MODULES:
        names.update(imported(path))
    return names


def test_every_package_that_it_imports_is_a_dependency() -> None:
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text())["project"]
    dependencies = {line.partition(">")[0].partition("[")[0] for line in project["dependencies"]}
    packages = {name.partition(".")[0] for name in imports()} - sys.stdlib_module_names
    assert packages - {"infra"} == dependencies


def test_it_imports_nothing_of_its_surroundings_but_the_bounds_on_connections() -> None:
    ours = {name for name in imports() if name.startswith("infra")}
    assert {name for name in ours if not name.startswith("infra.chdb_server")} == {
        "infra.connections"
    }


def test_its_wheel_holds_the_server_and_what_it_imports(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT / "infra", tmp_path / "infra")
    command = [sys.executable, "-m", "pip", "wheel", "--no-index", "--no-deps"]
    command += ["--no-build-isolation", "--wheel-dir", str(tmp_path)]
    command += [str(tmp_path / "infra" / "chdb_server")]
    subprocess.run(command, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("chdb_http-*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")}
    sources = {path.relative_to(CHECKOUT).as_posix() for path in MODULES}
    assert packed == sources | {"infra/__init__.py"}
