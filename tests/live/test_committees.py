"""Committees see the lists, people and names of their own area, and every look is recorded."""

import io
from typing import Any

import httpx2
import openpyxl
import pytest

from api.http.workbook import XLSX
from infra.tools.doors_client import DoorsClient, Refused, token_of
from tests.outbreak import CITY, COAST, DAY, PURPOSE, Outbreak
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live


def test_a_committee_reaches_the_lists_and_people_of_its_own_area_only(
    stack: RunningStack, doors: DoorsClient
) -> None:
    """The ward lies in the district of the account `committee@522`; the coast does not."""
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()
    ids = {code: handover["handover_id"] for code, handover in outbreak.lists().items()}
    own, other = outbreak.neighbours
    of_the_case = {"case_id": outbreak.case_id}
    report = {"day": DAY, "status": "seen"}
    for account in ("committee@21025", "committee@522"):
        with DoorsClient(stack.settings, account) as committee:
            handovers = committee.get("/handovers", **of_the_case)["handovers"]
            assert [handover["unit_code"] for handover in handovers] == [CITY]
            elsewhere = committee.get("/handovers", unit_code=COAST, **of_the_case)
            assert elsewhere["handovers"] == []
            tasks = committee.get("/follow-ups", day=DAY, limit=100_000)["tasks"]
            people = {task["person_id"] for task in tasks}
            assert own in people
            assert other not in people
            assert committee.get("/follow-ups", day=DAY, unit_code=COAST)["tasks"] == []

            assert committee.get(f"/handovers/{ids[CITY]}")["people"] == 1
            with pytest.raises(Refused, match=f"403 this account is of the unit {account[10:]}"):
                committee.get(f"/handovers/{ids[COAST]}")
            committee.post(f"/handovers/{ids[CITY]}/acknowledgement", {"revision": 1})
            with pytest.raises(Refused, match="403"):
                committee.post(f"/handovers/{ids[COAST]}/acknowledgement", {"revision": 1})
            look = {"purpose": PURPOSE}
            revealed = committee.post("/reveals", look | {"handover_id": ids[CITY]})
            assert revealed["identities"][0]["person_id"] == own
            with pytest.raises(Refused, match="403"):
                committee.post("/reveals", look | {"handover_id": ids[COAST]})
            committee.post("/follow-ups", report | {"person_id": own})
            with pytest.raises(Refused, match="403"):
                committee.post("/follow-ups", report | {"person_id": other})
            batch = committee.post_rows(
                "/follow-ups/batch", [report | {"person_id": own}, report | {"person_id": other}]
            )
            assert batch["accepted"] == 1
            assert [row["line"] for row in batch["rows"]] == [2]
    assert outbreak.lists()[COAST]["state"] == "waiting"
    assert doors.get("/reveals", person_id=other)["reveals"] == []


def test_names_are_told_only_of_people_on_a_list_and_each_look_is_kept(
    stack: RunningStack, doors: DoorsClient
) -> None:
    outbreak = Outbreak(stack, doors)
    outbreak.report()
    outbreak.hand_over()
    contact = outbreak.neighbours[0]
    look = {"handover_id": outbreak.lists()[CITY]["handover_id"], "purpose": PURPOSE}
    with DoorsClient(stack.settings, "committee") as committee:
        revealed = committee.post("/reveals", look)
        (identity,) = revealed["identities"]
        assert identity["person_id"] == contact
        assert identity["full_name"] == "Lê Văn An"
        assert identity["residence_code"] == CITY
        assert identity["phone"].startswith("09")
        curious = {"person_ids": [outbreak.case], "purpose": "out of curiosity"}
        with pytest.raises(Refused, match="not on this list"):
            committee.post("/reveals", look | curious)
        listed = as_workbook(stack, f"/handovers/{look['handover_id']}")
        assert listed["People"]["B2"].value == contact
        with pytest.raises(Refused, match="purpose"):
            committee.post("/reveals", look | {"purpose": "because"})
        with pytest.raises(Refused, match="403"):
            committee.get("/reveals")
    looks = wait_until(
        lambda: doors.get("/reveals", person_id=contact)["reveals"], what="the record of the look"
    )
    (recorded,) = looks
    assert recorded["account"] == "committee"
    assert recorded["role"] == "committee"
    assert recorded["purpose"] == PURPOSE
    assert recorded["request_id"] == revealed["request_id"]
    assert doors.get("/reveals", person_id=outbreak.case)["reveals"] == []
    cells = as_workbook(stack, "/reveals", look | {"purpose": "to visit them at home"})
    assert cells["People"]["A2"].value == "Lê Văn An"
    wait_until(
        lambda: len(doors.get("/reveals", person_id=contact)["reveals"]) == 2,
        what="the record of the second look",
    )


def as_workbook(stack: RunningStack, path: str, body: dict[str, Any] | None = None) -> Any:
    headers = {"Authorization": f"Bearer {token_of(stack.settings, 'committee')}", "Accept": XLSX}
    method = "GET" if body is None else "POST"
    response = httpx2.request(method, stack.settings.api + path, json=body, headers=headers)
    assert response.headers["content-type"] == XLSX, response.text
    return openpyxl.load_workbook(io.BytesIO(response.content))
