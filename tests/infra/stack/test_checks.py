"""The doctor names the packages that are not as pinned.

It looks at those that the lock file means for this system, and at no others.
"""

from importlib.metadata import version

from infra.settings import CHECKOUT
from infra.stack.checks import not_as_pinned

HERE = version("numpy")


def test_packages_installed_from_the_lock_file_are_well() -> None:
    assert not_as_pinned((CHECKOUT / "requirements.lock").read_text(encoding="utf-8")) == []


def test_another_version_and_a_missing_package_are_named() -> None:
    lock = "numpy==0.1 \\\n    --hash=sha256:0\nno-such-package==1.0 \\\n    --hash=sha256:0\n"
    assert not_as_pinned(lock) == ["no-such-package 1.0", "numpy 0.1"]


def test_what_is_meant_for_another_python_or_system_is_passed_over() -> None:
    others = (
        "numpy==0.1 ; python_full_version < '3.0' \\\nwinonly==1 ; sys_platform == 'win32' \\\n"
    )
    lock = f"numpy=={HERE} ; python_full_version >= '3.0' \\\n{others}"
    assert not_as_pinned(lock) == []
