"""The tracing team's command on the real stack: every kind of question once, each with an answer that only the right one gives."""

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
DAY = ("--from", "2021-10-05", "--to", "2021-10-06")


def asked(stack: RunningStack, *words: str) -> str:
    command = [sys.executable, "-c", "from infra.tools.cli import main; main()", "trace", *words]
    done = subprocess.run(
        command,
        env=stack.env | {"COLUMNS": "160"},
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


@pytest.fixture(scope="module")
def met(stack: RunningStack) -> Iterator[tuple[str, str, str]]:
    """Three people: the first two at one post within a minute, the second and the third in another place hours later."""
    with DoorsClient(stack.settings, "admin") as doors:
        doors.put(
            f"/reference/checkpoints/{POST}",
            {"name": "Chốt", "unit_code": "21190", "valid_from": "2021-05-13"},
        )
        numbers = [f"{next(NUMBERS):012d}" for _ in range(3)]
        for number, at in zip(numbers, ("08:00", "08:01", "15:00"), strict=True):
            shown = {
                "shown": number,
                "checkpoint_id": POST,
                "direction": "in",
                "scanned_at": f"2021-10-05T{at}:00",
            }
            doors.post("/scans?wait_ms=15000", shown)
        people = [doors.get("/people/lookup", document=number)["person_id"] for number in numbers]
        stay = {
            "place": "site:of-the-command",
            "from": "2021-10-05T10:00:00",
            "to": "2021-10-05T11:00:00",
        }
        for person in numbers[1:]:
            doors.post("/presences", {"person": person, **stay})
        wait_until(
            lambda: (
                people[2]
                in asked(stack, people[1], "--onset", "2021-10-06", "--isolated", "2021-10-08")
                and all(
                    person in asked(stack, "--place", f"post:{POST}", *DAY) for person in people
                )
            ),
            what="the stays",
            poll_s=1,
        )
        yield people[0], people[1], people[2]


def test_a_place_tells_who_was_there_and_by_which_kind_of_fact(
    stack: RunningStack, met: tuple[str, str, str]
) -> None:
    there = asked(stack, "--place", f"post:{POST}", *DAY)
    assert "3 people at post:of-the-command" in there and "scan" in there
    assert all(person in there for person in met)


def test_what_if_leaves_out_whoever_is_named_and_adds_what_was_told(
    stack: RunningStack, met: tuple[str, str, str]
) -> None:
    case = (met[0], "--onset", "2021-10-06", "--isolated", "2021-10-08")
    assert "F1 1, F2 1 from" in asked(stack, *case)
    assert "F1 0, F2 0 from" in asked(stack, *case, "--without", met[1])
    told = "site:of-the-command 2021-10-05T10:30 2021-10-05T10:40"
    assert "F1 2, F2 0 from" in asked(stack, *case, "--milestone", told)


def test_two_people_are_connected_through_the_one_between_them(
    stack: RunningStack, met: tuple[str, str, str]
) -> None:
    assert "from the person to the other: 2 steps" in asked(stack, met[0], "--other", met[2], *DAY)


def test_a_question_about_nobody_or_about_two_things_is_refused(stack: RunningStack) -> None:
    for words in ((), ("--place", "post:x", "--plate", "76C12345")):
        with pytest.raises(subprocess.CalledProcessError) as refused:
            asked(stack, *words)
        assert refused.value.returncode == 2 and "Say whom to trace" in refused.value.stderr


@pytest.mark.parametrize(
    ("words", "strange"),
    [
        (("--place", "post:x", *DAY, "--known-at", "2021-10-07"), "--known-at"),
        (("0" * 32, "--rules", "QD-3638", "--without", "1" * 32), "--rules, --without"),
        (("0" * 32, "--onset", "2021-10-06", "--back", "14", "--depth", "3"), "--depth"),
        (("0" * 32, "--onset", "2021-10-06", "--infectious-days", "14"), "--infectious-days"),
    ],
)
def test_nothing_that_was_said_is_passed_over_in_silence(
    stack: RunningStack, words: tuple[str, ...], strange: str
) -> None:
    with pytest.raises(subprocess.CalledProcessError) as refused:
        asked(stack, *words)
    said = " ".join(refused.value.stderr.replace("│", " ").split())
    assert refused.value.returncode == 2 and f"no use for {strange}." in said
