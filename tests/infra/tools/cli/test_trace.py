"""The sub-commands of `dibiendong trace`: their words, their requests, and the former spelling."""

from typing import Any

import pytest
from typer.testing import CliRunner

from infra.errors import SetupError
from infra.tools.cli import trace as module
from infra.tools.cli.app import build
from infra.tools.cli.trace_former import current_spelling
from infra.tools.doors_client import Refused

PERSON, OTHER = "0" * 32, "1" * 32
PERIOD = ("--from", "2021-10-05", "--to", "2021-10-06")
RULES = {"rules_id": "QD-3638", "source": "QĐ 3638", "assumed": []}
FORWARD = {
    "person_id": PERSON,
    "rules": RULES,
    "since": "2021-10-05T00:00:00+00:00",
    "until": "2021-10-06T00:00:00+00:00",
    "stays": 0,
    "milestones": [],
    "generations": [0],
    "communes": [],
    "people": [],
    "unlisted": [],
    "not_followed": {},
    "learnt_since": [],
    "withdrawn_since": [],
    "moved_since": {},
}


class DoorsOnPaper:
    """Writes requests down, and answers each path as the test has it; a list holds pages."""

    def __init__(self, responses: dict[str, Any]) -> None:
        self.responses, self.requests = responses, list[tuple[str, dict[str, Any]]]()

    def __enter__(self) -> "DoorsOnPaper":
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def get(self, path: str, **parameters: Any) -> Any:
        return self.post(path, parameters)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        self.requests.append((path, body))
        response = self.responses[path]
        if isinstance(response, list):
            response = response.pop(0)
        if isinstance(response, Exception):
            raise response
        return response


def run(monkeypatch: pytest.MonkeyPatch, *words: str, **responses: Any) -> tuple[DoorsOnPaper, Any]:
    doors = DoorsOnPaper({"/traces/forward": FORWARD} | responses)
    monkeypatch.setattr(module, "DoorsClient", lambda *_: doors)
    return doors, CliRunner().invoke(build("trace"), ["trace", *words])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("forward", "--onset", "2021-10-06"), "Say whom to trace"),
        (("forward", PERSON, "--document", "1", "--onset", "2021-10-06"), "Say whom to trace"),
        (("forward", PERSON, "--case", "2", "--onset", "2021-10-06"), "--case leaves no use"),
        (("forward", PERSON), "Say when it began: --onset"),
        (("backward", PERSON, "--back", "14"), "Say when it began: --onset"),
        (("place", *PERIOD), "Say which place to trace"),
        (("place", "post:x", "--plate", "76C12345", *PERIOD), "Say which place to trace"),
        (("path", "--other", OTHER, *PERIOD), "Say whom to trace"),
        (("person", PERSON, "--from", "yesterday"), "--from yesterday is no time"),
        (("forward", PERSON, "--onset", "2021-10-06", "--milestone", "x"), "--milestone 'x' is"),
    ],
)
def test_a_question_that_says_too_little_or_two_things_is_refused(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    doors, done = run(monkeypatch, *words)
    assert isinstance(done.exception, SetupError)
    assert sentence in str(done.exception)
    assert doors.requests == []


@pytest.mark.parametrize(
    ("words", "strange"),
    [
        (("place", "post:x", *PERIOD, "--known-at", "2021-10-07"), "--known-at"),
        (("person", PERSON, "--without", OTHER), "--without"),
        (("backward", PERSON, "--onset", "2021-10-06", "--back", "14", "--depth", "3"), "--depth"),
        (("forward", PERSON, "--onset", "2021-10-06", "--infectious-days", "14"), "--infectious"),
        (("path", PERSON, *PERIOD), "--other"),
        (("backward", PERSON, "--onset", "2021-10-06"), "--back"),
        (("place", "post:x", "--from", "2021-10-05"), "--to"),
    ],
)
def test_an_option_of_another_question_and_a_missing_one_are_named(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], strange: str
) -> None:
    doors, done = run(monkeypatch, *words)
    assert done.exit_code == 2
    assert strange in done.stderr
    assert doors.requests == []


def test_a_field_that_the_doors_refuse_is_named_as_the_option_that_fills_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    refused = Refused("422", [("contacts_isolated_at", "it is late"), ("rules_id", "name one")])
    responses = {"/traces/forward": refused}
    _, done = run(monkeypatch, "forward", PERSON, "--onset", "2021-10-06", **responses)
    assert isinstance(done.exception, SetupError)
    assert str(done.exception) == "--contacts-isolated: it is late; --rules: name one."


def test_a_refusal_of_the_whole_stays_what_the_doors_said(monkeypatch: pytest.MonkeyPatch) -> None:
    responses = {"/traces/forward": Refused("404 There is no case x.")}
    _, done = run(monkeypatch, "forward", "--case", "x", **responses)
    assert isinstance(done.exception, Refused)
    assert "There is no case x" in str(done.exception)


def test_only_what_was_said_is_in_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    doors, done = run(monkeypatch, "forward", PERSON, "--onset", "2021-10-06", "--depth", "3")
    assert done.exit_code == 0, done.output
    body = {"person_id": PERSON, "onset_at": "2021-10-06", "depth": 3}
    assert doors.requests == [("/traces/forward", body | {"milestones": [], "without": []})]


def test_a_document_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    words = ("forward", "--document", "051", "--onset", "2021-10-06")
    responses = {"/people/lookup": {"person_id": OTHER}}
    doors, _ = run(monkeypatch, *words, **responses)
    assert doors.requests[0] == ("/people/lookup", {"document": "051"})
    assert doors.requests[1][1]["person_id"] == OTHER


@pytest.mark.parametrize(
    ("words", "since", "until"),
    [
        (PERIOD, "2021-10-05", "2021-10-06"),
        (("--from", "2021-10-05"), "2021-10-05", "2021-10-19T00:00:00"),
        (("--to", "2021-10-19"), "2021-10-05T00:00:00", "2021-10-19"),
        ((), "2021-09-21T08:01:00+00:00", "2021-10-05T08:01:00+00:00"),
    ],
)
def test_a_period_that_is_left_open_follows_from_its_other_end_or_the_last_stay(
    monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], since: str, until: str
) -> None:
    items = [
        {"kind": "scan", "at": "2021-10-05T08:00:00+00:00"},
        {"kind": "dose", "at": "2021-11-05T08:00:00+00:00"},
    ]
    responses = {f"/people/{PERSON}/timeline": {"items": items, "truncated": False}}
    doors, done = run(monkeypatch, "person", PERSON, *words, **responses)
    assert done.exit_code == 0, done.output
    body = doors.requests[-1][1]
    assert (body["since"], body["isolated_at"], body["depth"]) == (since, until, 1)


def test_the_last_stay_is_on_the_last_page_of_the_timeline(monkeypatch: pytest.MonkeyPatch) -> None:
    early = {"kind": "scan", "at": "2021-08-05T08:00:00+00:00"}
    dose = {"kind": "dose", "at": "2021-09-05T08:00:00+00:00"}
    late = {"kind": "scan", "at": "2021-10-05T08:00:00+00:00"}
    pages = [
        {"items": [early, dose], "truncated": True},
        {"items": [dose, late], "truncated": False},
    ]
    path = f"/people/{PERSON}/timeline"
    doors, done = run(monkeypatch, "person", PERSON, **{path: pages})
    assert done.exit_code == 0, done.output
    first, second, trace = doors.requests
    assert "from" not in first[1]
    assert second == (path, {"limit": 10_000, "from": dose["at"]})
    assert trace[1]["isolated_at"] == "2021-10-05T08:01:00+00:00"


def test_a_timeline_that_no_page_can_pass_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    crowded = {"kind": "scan", "at": "2021-08-05T08:00:00+00:00"}
    page = {"items": [crowded, crowded], "truncated": True}
    _, done = run(monkeypatch, "person", PERSON, **{f"/people/{PERSON}/timeline": page})
    assert isinstance(done.exception, SetupError)
    assert "say --from or --to" in str(done.exception)


def test_a_person_of_whom_nothing_is_known_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    responses: dict[str, Any] = {f"/people/{PERSON}/timeline": {"items": [], "truncated": False}}
    _, done = run(monkeypatch, "person", PERSON, **responses)
    assert isinstance(done.exception, SetupError)
    assert "Nothing says where" in str(done.exception)


@pytest.mark.parametrize(
    ("former", "current"),
    [
        ((PERSON,), ("person", PERSON)),
        ((PERSON, *PERIOD), ("person", PERSON, *PERIOD)),
        ((PERSON, "--onset", "2021-10-06"), ("forward", PERSON, "--onset", "2021-10-06")),
        (("--case", "a", "--depth", "3"), ("forward", "--case", "a", "--depth", "3")),
        (("--case", "a", "--back", "7"), ("backward", "--case", "a", "--back", "7")),
        ((PERSON, "--other", OTHER, *PERIOD), ("path", PERSON, "--other", OTHER, *PERIOD)),
        (("--place", "post:x", *PERIOD), ("place", "post:x", *PERIOD)),
        (("--place=post:x", *PERIOD), ("place", "post:x", *PERIOD)),
        (("--plate=76C", *PERIOD), ("place", "--plate=76C", *PERIOD)),
    ],
)
def test_the_former_spelling_is_a_sub_command(
    former: tuple[str, ...], current: tuple[str, ...]
) -> None:
    assert current_spelling(list(former)) == list(current)


def test_the_former_spelling_still_works_and_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doors, done = run(monkeypatch, PERSON, "--onset", "2021-10-06")
    assert done.exit_code == 0, done.output
    assert [path for path, _ in doors.requests] == ["/traces/forward"]
    advice = f"write: dibiendong trace forward {PERSON} --onset 2021-10-06"
    assert advice in " ".join(done.stderr.split())


def test_minutes_between_scans_are_now_the_rules_affair() -> None:
    with pytest.raises(SetupError, match=r"--minutes is no more.*--rules"):
        current_spelling([PERSON, "--minutes", "10"])
