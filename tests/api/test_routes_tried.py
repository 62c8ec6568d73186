"""Every route is named by some test; one that is not is named here."""

import re
from collections.abc import Iterable

from api.accounts.access import role_table
from api.app import api_routes
from infra.settings import CHECKOUT

BATCH = "/batch"
"""The tests of tables put together the paths of batches from those of single facts."""
PARAMETER = re.compile(r"\\\{[^}]*\\\}")


def test_every_route_is_named_by_a_test() -> None:
    paths = {path for _, path in role_table(api_routes())}
    assert named_by_no_test(paths) == []


def test_a_route_that_no_test_names_is_caught() -> None:
    forgotten = "/no-such-" + "route/{person_id}"
    assert named_by_no_test(["/scans", forgotten, f"{forgotten}/part"]) == [
        forgotten,
        f"{forgotten}/part",
    ]


def named_by_no_test(paths: Iterable[str]) -> list[str]:
    """Returns the paths that stand in no test, with whatever in place of their parameters."""
    files = (CHECKOUT / "tests").rglob("*.py")
    texts = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return [path for path in sorted(paths) if not _as_written(path).search(texts)]


def _as_written(path: str) -> re.Pattern[str]:
    escaped = re.escape(path.removesuffix(BATCH))
    with_anything = PARAMETER.sub(r"[^/\\s\"']+", escaped)
    return re.compile(with_anything + r"[\"'?{/]")
