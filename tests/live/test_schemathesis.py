"""Schemathesis finds that the running doors do what their OpenAPI says, whatever is sent.

Nothing that it sends becomes a fault of ours.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.accounts.accounts import ROLES, Role
from infra.tools.doors_client import token_of
from tests.fuzzing import TIMES
from tests.running_stack import RunningStack
from tests.waiting import BOUND_S

pytestmark = pytest.mark.live

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "missing_required_header",
    "ignored_auth",
)
WITHOUT_END = "/flags/stream"
WAITS = "/handovers"
"""The route waits for an unknown case as long as the read side may take, so it gets few tries."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    """A stack of its own runs: policies and rules made up here would judge other tests' events."""
    own = RunningStack.plan(tmp_path_factory.mktemp("schemathesis"))
    try:
        own.require()
        yield own
    finally:
        own.down()


def schemathesis(stack: RunningStack, where: Path, role: Role, *options: str) -> None:
    """Runs Schemathesis against the doors with a role's token, and expects no complaint.

    It is seeded, so that two runs of one version send the same. The long form takes another seed
    each time.
    """
    authorised = ("--header", f"Authorization: Bearer {token_of(stack.settings, role)}")
    seeded = () if TIMES > 1 else ("--seed", "4655")
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "schemathesis.cli",
        "run",
        f"{stack.settings.api}/openapi.json",
        *authorised,
        *seeded,
    ]
    command += [
        "--checks",
        ",".join(CHECKS),
        "--workers",
        "1",
        "--suppress-health-check",
        "too_slow",
        "--request-timeout",
        f"{BOUND_S:.0f}",
        "--continue-on-failure",
        "--no-shrink",
        "--warnings",
        "off",
        "--no-color",
    ]
    run = subprocess.run(
        [*command, *options], cwd=where, env=stack.env, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-8_000:] + run.stderr[-2_000:]


def test_no_request_gets_an_answer_that_the_description_does_not_know(
    stack: RunningStack, tmp_path: Path
) -> None:
    others = ("--exclude-path", WITHOUT_END, "--exclude-path", WAITS)
    schemathesis(
        stack,
        tmp_path,
        "admin",
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        str(5 * TIMES),
        *others,
    )


def test_nor_does_one_that_is_waited_for(stack: RunningStack, tmp_path: Path) -> None:
    schemathesis(
        stack,
        tmp_path,
        "tracer",
        "--phases",
        "fuzzing",
        "--max-examples",
        str(2 * TIMES),
        "--include-path",
        WAITS,
    )


@pytest.mark.long
@pytest.mark.parametrize("role", [role for role in ROLES if role != "admin"])
def test_nor_does_one_of_somebody_who_may_do_less(
    stack: RunningStack, tmp_path: Path, role: Role
) -> None:
    others = ("--exclude-path", WITHOUT_END, "--exclude-path", WAITS)
    schemathesis(
        stack,
        tmp_path,
        role,
        "--phases",
        "coverage,fuzzing",
        "--max-examples",
        str(2 * TIMES),
        *others,
    )


def test_what_was_sent_has_stopped_no_stage(stack: RunningStack) -> None:
    """The path can fold and the tables can hold whatever the doors have accepted."""
    stack.wait_idle()
