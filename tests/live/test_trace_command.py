"""The tracing team's command on the real stack: every question once, each with its own answer."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import count

import pytest

from infra.settings import CHECKOUT
from infra.tools.doors_client import DoorsClient
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

NUMBERS = count(51190667001)
POST = "of-the-command"
SITE = "site:of-the-command"
PERIOD = ("--from", "2021-10-05", "--to", "2021-10-06")
AS_CASE = ("--onset", "2021-10-06", "--isolated", "2021-10-08")
People = tuple[str, str, str]


def run(stack: RunningStack, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-c", "from infra.tools.cli import main; main()", "trace", *words]
    return subprocess.run(
        command,
        env=stack.env | {"COLUMNS": "160"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def trace(stack: RunningStack, *words: str) -> str:
    done = run(stack, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pass_post(doors: DoorsClient, number: str, at: str) -> str:
    """Scans a person at the post; returns the pseudonym."""
    scan = {"shown": number, "checkpoint_id": POST, "direction": "in"}
    doors.post("/scans?wait_ms=15000", scan | {"scanned_at": f"2021-10-05T{at}:00"})
    return str(doors.get("/people/lookup", document=number)["person_id"])


@pytest.fixture(scope="module")
def met(stack: RunningStack) -> Iterator[People]:
    """Three people at one post; the last two also at a site.

    The first two pass the post within a minute, the third hours later. The second and the third
    are at the site in between.
    """
    checkpoint = {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"}
    stay = {"place": SITE, "from": "2021-10-05T10:00:00", "to": "2021-10-05T11:00:00"}
    numbers = [f"{next(NUMBERS):012d}" for _ in range(3)]
    with DoorsClient(stack.settings, "admin") as doors:
        doors.put(f"/reference/checkpoints/{POST}", checkpoint)
        first = pass_post(doors, numbers[0], "08:00")
        second = pass_post(doors, numbers[1], "08:01")
        third = pass_post(doors, numbers[2], "15:00")
        for number in numbers[1:]:
            doors.post("/presences", {"person": number, **stay})

    def stays_are_known() -> bool:
        at_post = trace(stack, "place", f"post:{POST}", *PERIOD)
        from_second = trace(stack, "forward", second, *AS_CASE)
        return third in from_second and all(person in at_post for person in (first, second, third))

    wait_until(stays_are_known, what="the stays", poll_s=1)
    yield first, second, third


def test_a_place_tells_who_was_there_and_by_which_kind_of_fact(
    stack: RunningStack, met: People
) -> None:
    shown = trace(stack, "place", f"post:{POST}", *PERIOD)
    assert "3 people at post:of-the-command" in shown
    assert "scan" in shown
    assert all(person in shown for person in met)


def test_what_if_leaves_out_whoever_is_named_and_adds_what_was_reported(
    stack: RunningStack, met: People
) -> None:
    case = ("forward", met[0], *AS_CASE)
    assert "F1 1, F2 1 from" in trace(stack, *case)
    assert "F1 0, F2 0 from" in trace(stack, *case, "--without", met[1])
    milestone = f"{SITE} 2021-10-05T10:30 2021-10-05T10:40"
    assert "F1 2, F2 0 from" in trace(stack, *case, "--milestone", milestone)


def test_sources_are_where_somebody_else_was(stack: RunningStack, met: People) -> None:
    shown = trace(stack, "backward", met[2], *AS_CASE[:2], "--back", "7", "--rules", "QD-3638")
    assert f"Milestones of {met[2]}" in shown
    assert SITE in shown


def test_two_people_are_connected_through_the_one_between_them(
    stack: RunningStack, met: People
) -> None:
    shown = trace(stack, "path", met[0], "--other", met[2], *PERIOD)
    assert "from the person to the other: 2 steps" in shown


@pytest.mark.parametrize("period", [PERIOD, ()], ids=["a period", "up to the last stay"])
def test_a_person_was_at_places_and_met_people_there(
    stack: RunningStack, met: People, period: tuple[str, ...]
) -> None:
    shown = trace(stack, "person", met[1], *period)
    assert f"2 stays of {met[1]}" in shown
    assert "2 people met, by Quyết định 3638/QĐ-BYT" in shown
    assert met[0] in shown
    assert met[2] in shown


def test_the_former_spelling_still_answers_and_says_what_to_write(
    stack: RunningStack, met: People
) -> None:
    done = run(stack, met[0], *AS_CASE)
    assert done.returncode == 0
    assert "F1 1, F2 1 from" in done.stdout
    assert f"write: dibiendong trace forward {met[0]}" in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("forward", "--onset", "2021-10-06"), "Say whom to trace"),
        (("place", "post:x", "--plate", "76C12345", *PERIOD), "Say which place to trace"),
        (("place", "nowhere:x", *PERIOD), "PLACE: "),
        (("forward", "0" * 32, "--onset", "6 October"), "--onset: "),
        (("forward", "0" * 32, *AS_CASE, "--rules", "none"), "--rules: name a set of rules"),
        (("forward", "0" * 32, *AS_CASE, "--without", "x"), "--without: "),
    ],
)
def test_wrong_input_is_refused_in_a_sentence_that_names_the_option(
    stack: RunningStack, words: tuple[str, ...], sentence: str
) -> None:
    done = run(stack, *words)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("words", "strange"),
    [
        (("place", "post:x", *PERIOD, "--known-at", "2021-10-07"), "--known-at"),
        (("person", "0" * 32, "--without", "1" * 32), "--without"),
        (
            ("backward", "0" * 32, "--onset", "2021-10-06", "--back", "14", "--depth", "3"),
            "--depth",
        ),
        (("forward", "0" * 32, *AS_CASE, "--infectious-days", "14"), "--infectious-days"),
    ],
)
def test_no_option_of_another_question_is_passed_over_in_silence(
    stack: RunningStack, words: tuple[str, ...], strange: str
) -> None:
    done = run(stack, *words)
    assert done.returncode == 2
    assert strange in done.stderr
