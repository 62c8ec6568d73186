"""A case becomes lists at the communes of its contacts: issued, acknowledged, revised, escalated, withdrawn."""

import io
import os
import subprocess
import sys
from pathlib import Path
from random import randrange
from typing import Any
from uuid import uuid4

import httpx2
import openpyxl
import pytest

from api.http.workbook import XLSX
from infra.environment import for_child
from infra.tools.doors_client import DoorsClient, Refused, token_of
from tests.outbreak import CITY, COAST, RULES, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_lists_wait_at_the_communes_and_are_revised_where_they_change(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    handed = outbreak.hand_over()
    assert (handed["issued"], handed["generations"]) == (2, [2, 0])
    lists = outbreak.lists()
    assert {
        code: (one["revision"], one["people"], one["state"]) for code, one in lists.items()
    } == {
        CITY: (1, 1, "waiting"),
        COAST: (1, 1, "waiting"),
    }

    # The city's committee reads its list and acknowledges it.
    detail = doors.get(f"/handovers/{lists[CITY]['handover_id']}")
    assert [
        (one["person_id"], one["generation"], one["follow_until"]) for one in detail["lines"]
    ] == [(outbreak.neighbours[0], 1, "2021-10-21")]
    assert (detail["complete"], detail["joined"], detail["left"]) == (
        True,
        [outbreak.neighbours[0]],
        [],
    )
    with DoorsClient(stack.settings, "committee") as committee:
        committee.post(f"/handovers/{lists[CITY]['handover_id']}/acknowledgement", {"revision": 1})
    wait_until(lambda: outbreak.lists()[CITY]["state"] == "acknowledged", what="the receipt")
    assert outbreak.lists()[COAST]["state"] == "waiting"

    # Handed over again, nothing is issued; with one more contact, only the list that changed is.
    assert (outbreak.hand_over()["issued"], outbreak.hand_over()["unchanged"]) == (0, 2)
    # Nor is anybody taken off because a crowd lists fewer.
    cut = outbreak.hand_over(most_per_stay=1, depth=1)
    assert (cut["unlisted"], cut["issued"], cut["unchanged"]) == (1, 0, 2)
    late = outbreak.met(CITY)
    assert (
        outbreak.hand_over(people=3, most_per_stay=200)["issued"],
        outbreak.lists()[COAST]["revision"],
    ) == (1, 1)
    revised = doors.get(f"/handovers/{lists[CITY]['handover_id']}")
    assert (revised["revision"], revised["state"], revised["joined"]) == (2, "waiting", [late])
    # Against what the committee has acknowledged, not only against the revision before.
    later = outbreak.met(CITY)
    outbreak.hand_over(people=4)
    assert doors.get(f"/handovers/{lists[CITY]['handover_id']}")["joined"] == sorted([late, later])
    with pytest.raises(Refused, match="revision 3"):
        doors.post(f"/handovers/{revised['handover_id']}/acknowledgement", {"revision": 1})

    # Retracted, the case rests on nobody: its lists are withdrawn without anyone asking, and say whom to tell.
    consequences = doors.get(f"/cases/{outbreak.case_id}/consequences")
    assert (len(consequences["people"]), consequences["only_through_this_case"]) == (4, 4)
    outbreak.report(status="retracted", reported_at="2021-10-10")
    wait_until(
        lambda: {one["people"] for one in outbreak.lists().values()} == {0},
        what="the lists to be withdrawn",
    )
    withdrawn = doors.get(f"/handovers/{revised['handover_id']}")
    assert withdrawn["left"] == sorted([outbreak.neighbours[0], late, later]), (
        "whomever the committee may have read of"
    )
    told = doors.post(
        "/reveals",
        {
            "handover_id": revised["handover_id"],
            "person_ids": withdrawn["left"],
            "purpose": "to tell them it is over",
        },
    )
    assert [one["person_id"] for one in told["identities"]] == withdrawn["left"]
    assert doors.get(f"/cases/{outbreak.case_id}/consequences")["people"] == []
    with pytest.raises(Refused, match="retracted"):
        doors.post("/handovers", {"case_id": outbreak.case_id, **RULES})


def test_a_list_nobody_acknowledges_goes_to_the_district_and_then_to_the_province(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over(deadline_hours=1 / 3600)
    above_both = {CITY: ["522", "51"], COAST: ["534", "51"]}
    wait_until(
        lambda: {code: one["escalated_to"] for code, one in outbreak.lists().items()} == above_both,
        what="all above to be told",
    )
    assert {one["state"] for one in outbreak.lists().values()} == {"overdue"}
    # A revision that nobody acknowledges either is no younger: both above still see it.
    outbreak.met(CITY)
    outbreak.hand_over(people=3, deadline_hours=1 / 3600)
    revised = outbreak.lists()[CITY]
    assert (revised["revision"], revised["state"], revised["escalated_to"]) == (
        2,
        "overdue",
        ["522", "51"],
    )
    for above in ("522", "51"):
        assert outbreak.lists()[CITY]["handover_id"] in {
            one["handover_id"] for one in doors.get("/handovers", unit_code=above)["handovers"]
        }


def test_what_a_hand_over_leaves_open_is_asked_for_by_its_field(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    wait_until(outbreak.known)
    with pytest.raises(Refused, match=r"3638.*follow_days|follow_days.*3638"):
        doors.post("/handovers", {"case_id": outbreak.case_id, "rules_id": "QD-3638"})
    with pytest.raises(Refused, match="case_id"):
        doors.post("/handovers", {"case_id": str(uuid4()), **RULES})
    with pytest.raises(Refused, match="404"):
        doors.get(f"/handovers/{uuid4()}")


def test_contacts_are_followed_day_by_day_until_the_end_that_their_last_exposure_sets(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()
    contact = outbreak.neighbours[0]

    def task(day: str) -> dict[str, Any] | None:
        tasks = doors.get("/follow-ups", unit_code=CITY, day=day, limit=100_000)["tasks"]
        return next((one for one in tasks if one["person_id"] == contact), None)

    assert [
        task(day) is not None for day in ("2021-10-06", "2021-10-07", "2021-10-21", "2021-10-22")
    ] == [False, True, True, False]
    with DoorsClient(stack.settings, "committee") as committee:
        committee.post(
            "/follow-ups",
            {
                "person_id": contact,
                "day": "08/10/2021",
                "status": "not_seen",
                "reported_at": "2021-10-08T07:00:00",
            },
        )
        seen = {
            "person_id": contact,
            "day": "2021-10-08",
            "status": "seen",
            "symptoms": ["cough"],
            "temperature_c": 37.9,
        }
        committee.post("/follow-ups", seen | {"reported_at": "2021-10-08T17:00:00"})
    found = wait_until(
        lambda: one if (one := task("2021-10-08")) and one["status"] == "seen" else None,
        what="the report",
    )
    assert (found["symptoms"], found["temperature_c"], found["last_status"]) == (
        ["cough"],
        pytest.approx(37.9),
        "",
    )
    following = task("2021-10-09")
    assert following is not None and (following["status"], following["last_status"]) == (
        "due",
        "seen",
    )

    # A second case met later moves the end; retracting it moves the end back.
    second = Outbreak(stack, doors)
    second.report(onset_at="2021-10-12", isolated_at="2021-10-13")
    doors.post(
        "/presences",
        {
            "person": second.number,
            "place": f"site:{second.site}x",
            "from": "2021-10-12T08:00",
            "to": "2021-10-12T09:00",
        },
    )
    number = next(number for number, person in outbreak.people.items() if person == contact)
    doors.post(
        "/presences",
        {
            "person": number,
            "place": f"site:{second.site}x",
            "from": "2021-10-12T08:00",
            "to": "2021-10-12T08:30",
        },
    )
    second.hand_over(people=1)
    moved = wait_until(lambda: task("2021-10-22"), what="the end to move")
    assert (moved["follow_until"], moved["case_ids"]) == ("2021-10-26", [second.case_id]), (
        "the first list ended the day before"
    )
    while_both = task("2021-10-21")
    assert while_both is not None and sorted(while_both["case_ids"]) == sorted(
        [outbreak.case_id, second.case_id]
    )
    second.report(status="retracted", reported_at="2021-10-14")
    wait_until(lambda: task("2021-10-22") is None, what="the end to move back")
    assert task("2021-10-21") is not None


def test_names_are_told_only_of_people_on_a_list_and_each_look_is_kept(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()
    handover_id, contact = outbreak.lists()[CITY]["handover_id"], outbreak.neighbours[0]
    with DoorsClient(stack.settings, "committee") as committee:
        told = committee.post(
            "/reveals", {"handover_id": handover_id, "purpose": "to call them into quarantine"}
        )
        assert [
            (one["person_id"], one["full_name"], one["residence_code"])
            for one in told["identities"]
        ] == [(contact, "Lê Văn An", CITY)]
        assert told["identities"][0]["phone"].startswith("09")
        with pytest.raises(Refused, match="not on this list"):
            committee.post(
                "/reveals",
                {
                    "handover_id": handover_id,
                    "person_ids": [outbreak.case],
                    "purpose": "out of curiosity",
                },
            )
        assert as_workbook(stack, f"/handovers/{handover_id}")["People"]["B2"].value == contact
        with pytest.raises(Refused, match="purpose"):
            committee.post("/reveals", {"handover_id": handover_id, "purpose": "because"})
        with pytest.raises(Refused, match="403"):
            committee.get("/reveals")
    looks = wait_until(
        lambda: doors.get("/reveals", person_id=contact)["reveals"], what="the record of the look"
    )
    assert [(one["account"], one["role"], one["purpose"], one["request_id"]) for one in looks] == [
        ("committee", "committee", "to call them into quarantine", told["request_id"])
    ]
    assert doors.get("/reveals", person_id=outbreak.case)["reveals"] == []
    told_in_cells = as_workbook(
        stack, "/reveals", {"handover_id": handover_id, "purpose": "to visit them at home"}
    )
    assert told_in_cells["People"]["A2"].value == "Lê Văn An"
    wait_until(
        lambda: len(doors.get("/reveals", person_id=contact)["reveals"]) == 2,
        what="the record of the second look",
    )


def as_workbook(stack: RunningStack, path: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'committee')}", "Accept": XLSX}
    answer = httpx2.request(
        "GET" if body is None else "POST", stack.settings.api + path, json=body, headers=headers
    )
    assert answer.headers["content-type"] == XLSX, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_a_committee_reaches_the_lists_and_people_of_its_own_area_only(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The ward lies in the district that `committee@522` is of; the coast does not."""
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()
    ids, (own, other) = (
        {code: one["handover_id"] for code, one in outbreak.lists().items()},
        outbreak.neighbours,
    )
    report, purpose = {"day": "2021-10-08", "status": "seen"}, "to call them into quarantine"
    for account in ("committee@21025", "committee@522"):
        with DoorsClient(stack.settings, account) as committee:
            seen = committee.get("/handovers", case_id=outbreak.case_id)["handovers"]
            assert [one["unit_code"] for one in seen] == [CITY]
            assert (
                committee.get("/handovers", case_id=outbreak.case_id, unit_code=COAST)["handovers"]
                == []
            )
            people = {
                one["person_id"]
                for one in committee.get("/follow-ups", day="2021-10-08", limit=100_000)["tasks"]
            }
            assert (own in people, other in people) == (True, False)
            assert committee.get("/follow-ups", day="2021-10-08", unit_code=COAST)["tasks"] == []

            assert committee.get(f"/handovers/{ids[CITY]}")["people"] == 1
            with pytest.raises(Refused, match=f"403 this account is of the unit {account[10:]}"):
                committee.get(f"/handovers/{ids[COAST]}")
            committee.post(f"/handovers/{ids[CITY]}/acknowledgement", {"revision": 1})
            with pytest.raises(Refused, match="403"):
                committee.post(f"/handovers/{ids[COAST]}/acknowledgement", {"revision": 1})
            assert (
                committee.post("/reveals", {"handover_id": ids[CITY], "purpose": purpose})[
                    "identities"
                ][0]["person_id"]
                == own
            )
            with pytest.raises(Refused, match="403"):
                committee.post("/reveals", {"handover_id": ids[COAST], "purpose": purpose})
            committee.post("/follow-ups", report | {"person_id": own})
            with pytest.raises(Refused, match="403"):
                committee.post("/follow-ups", report | {"person_id": other})
            batch = committee.post_rows(
                "/follow-ups/batch", [report | {"person_id": own}, report | {"person_id": other}]
            )
            assert (batch["accepted"], [row["line"] for row in batch["rows"]]) == (1, [2])
    assert outbreak.lists()[COAST]["state"] == "waiting"
    assert doors.get("/reveals", person_id=other)["reveals"] == []


def test_a_public_notice_tells_only_places_that_enough_others_shared(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    doors.post(
        "/presences",
        {
            "person": outbreak.number,
            "place": "site:alone",
            "from": "2021-10-07T14:00:00",
            "to": "2021-10-07T14:30:00",
        },
    )
    outbreak.hand_over()

    def told(k: int, **more: Any) -> dict[str, Any]:
        answer: dict[str, Any] = doors.get(
            f"/cases/{outbreak.case_id}/notice", k=k, rules_id="QD-3638", **more
        )
        return answer

    wait_until(lambda: told(2)["withheld"] == 1, what="the stay alone")
    assert [(one["name"], one["people"], one["grain"]) for one in told(2)["milestones"]] == [
        (outbreak.site, 2, "hours")
    ]
    assert (
        outbreak.site in told(2)["text_vi"]
        and "alone" not in told(2)["text_vi"] + told(2)["text_en"]
    )
    assert (told(3)["milestones"], told(3)["withheld"]) == ([], 2)

    # Three others at another place, none of whom was at the first: whoever was at both is the case.
    second = {
        "place": f"site:second-{outbreak.site}",
        "from": "2021-10-07T16:00:00",
        "to": "2021-10-07T16:30:00",
    }
    for number in (outbreak.number, *(f"051191{randrange(10**6):06d}" for _ in range(3))):
        doors.post("/presences", {"person": number, **second})
    apart = wait_until(
        lambda: answer if len((answer := told(2, together=1))["milestones"]) == 2 else None,
        what="the second place",
    )
    assert (apart["people_at_all"], apart["withheld"]) == (0, 1)
    beside = wait_until(
        lambda: answer if (answer := told(2))["people_at_all"] == 3 else None,
        what="the three others",
    )
    assert ([(one["name"], one["people"]) for one in beside["milestones"]], beside["withheld"]) == (
        [(second["place"][5:], 3)],
        2,
    )


def test_the_example_client_goes_from_a_case_to_lists_and_a_dossier(
    stack: RunningStack, doors: DoorsClient, tmp_path: Path
) -> None:
    outbreak = Outbreak(stack, doors)
    trace = {
        "person_id": outbreak.case,
        "onset_at": "2021-10-08",
        "isolated_at": "2021-10-09",
        "depth": 1,
    }
    wait_until(lambda: outbreak.at_home(trace) == 2, what="the contacts")
    example = Path(__file__).parents[2] / "docs" / "examples" / "trace_a_case.py"
    case = [
        "--document",
        outbreak.number,
        "--onset",
        "2021-10-08",
        "--isolated",
        "2021-10-09",
        "--follow-days",
        "14",
    ]
    where = [
        "--address",
        stack.settings.api,
        "--token",
        token_of(stack.settings, "tracer"),
        "--dossier",
        str(tmp_path / "dossier.pdf"),
    ]
    done = subprocess.run(
        [sys.executable, example, *where, *case],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "F1 2, F2 0 by Quyết định 3638/QĐ-BYT" in done.stdout
        and "2 lists wait at their communes" in done.stdout
    )
    assert (tmp_path / "dossier.pdf").read_bytes().startswith(b"%PDF-")
    case_id = done.stdout.split()[1]

    def command(*words: str) -> str:
        program = [sys.executable, "-c", "from infra.tools.cli import main; main()", *words]
        environment = os.environ | for_child(stack.settings) | {"COLUMNS": "200"}
        return subprocess.run(
            program, env=environment, capture_output=True, text=True, timeout=60, check=True
        ).stdout

    assert command("handover", case_id, "--show").count("waiting") == 2
    again = command("handover", case_id)
    assert (
        "0 lists issued, 2 unchanged" in again and "as at the last hand-over: follow_days" in again
    )
    assert "2 lists issued" in command("handover", case_id, "--follow-days", "21")
    assert "F1 2, F2 0 from" in command("trace", "forward", "--case", case_id)
    assert f"site:{outbreak.site}"[:20] in command(
        "trace", "backward", outbreak.case, "--onset", "2021-10-08", "--back", "7"
    )
    period = ("--from", "2021-10-07", "--to", "2021-10-09")
    assert "1 steps" in command(
        "trace", "path", outbreak.case, "--other", outbreak.neighbours[0], *period
    )
