"""What is missing on a machine is named in a sentence each, before anything is installed."""

import subprocess
import sys
from pathlib import Path

from infra.settings import CHECKOUT
from infra.stack import preflight


def test_an_old_python_is_named_with_the_version_to_install() -> None:
    sentence = preflight.python_too_old((3, 9, 2))
    assert sentence
    assert sentence.startswith("Python 3.9.2 is too old: install Python 3.11 or newer")


def test_this_python_is_new_enough() -> None:
    assert preflight.python_too_old() is None


def test_another_system_or_c_library_is_refused_by_name() -> None:
    assert "Darwin on arm64" in str(preflight.wrong_system("Darwin", "arm64", ""))
    assert "another C library" in str(preflight.wrong_system("Linux", "x86_64", ""))
    assert preflight.wrong_system("Linux", "aarch64", "glibc") is None


def test_too_little_room_says_how_much_there_is_and_is_needed(tmp_path: Path) -> None:
    assert "MB free and set-up needs 999999999: free some space" in str(
        preflight.no_room(str(tmp_path), 999_999_999)
    )


def test_a_directory_that_cannot_be_written_is_named() -> None:
    assert preflight.not_writable("/proc/1") == (
        "/proc/1 cannot be written: change its owner or rights, or move the checkout."
    )


def test_a_python_without_venv_is_told_which_package_to_install() -> None:
    program = (
        "import sys; sys.modules['ensurepip'] = None; sys.path.insert(0, 'infra/stack'); "
        "import preflight; print(preflight.no_venv())"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "cannot make virtual environments" in done.stdout and "-venv" in done.stdout


def test_the_check_runs_by_itself_without_any_package() -> None:
    command = [sys.executable, "-I", "-S", "infra/stack/preflight.py", str(CHECKOUT)]
    assert subprocess.run(command, cwd=CHECKOUT, check=False).returncode in (0, 2)
