"""A list and its revealed people as workbooks: they read back as written, and compute nothing."""

import io
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest

from api.handovers import revealed_sheet, sheet
from api.handovers.identities import IdentityOut
from api.handovers.lists import HandoverDetail, LineOut

AT = datetime(2021, 9, 15, 8, tzinfo=UTC)
CASE, JOINED, GONE, PASSED_ON, KNOWN = ("0" * 32, "a" * 32, "b" * 32, "c" * 32, "d" * 32)


def read(content: bytes) -> dict[str, list[tuple[Any, ...]]]:
    return {
        sheet.title: list(sheet.iter_rows(values_only=True))
        for sheet in openpyxl.load_workbook(io.BytesIO(content))
    }


def detail(**more: Any) -> HandoverDetail:
    line: dict[str, Any] = {
        "person_id": JOINED,
        "generation": 1,
        "exposed_at": AT,
        "last_exposed_at": AT,
        "source_id": CASE,
        "place": "site:cho",
    }
    stands = {
        "state": "waiting",
        "waiting_since": AT,
        "deadline_at": AT,
        "issued_at": AT,
        "acknowledged_at": None,
        "outdated": False,
    }
    told = {
        "handover_id": "h",
        "issue_id": "i",
        "revision": 2,
        "case_id": "of the case",
        "unit_code": "21025",
        "unit_name": "Phường Trần Phú",
        "people": 1,
        "rules_id": "QD-3638",
        "depth": 2,
        "follow_days": 14,
        "unlisted": 471,
        "issued_by": "tracer",
        "acknowledged_by": "",
        "escalated_to": [],
        "complete": True,
        "known_as": {JOINED: KNOWN},
        "joined": [JOINED],
        "left": [GONE],
        "passed_on": {PASSED_ON: "21439"},
        "lines": [LineOut(**line, follow_until=date(2021, 9, 29), own_case_ids=["5a", "5b"])],
    }
    return HandoverDetail(**{**told, **stands, **more})


def test_a_list_tells_its_people_and_until_when_they_are_watched() -> None:
    head, *people = read(sheet.as_xlsx(detail()))["People"]
    told = dict(zip(sheet.COLUMNS, people[0], strict=True))
    assert len(people) == 1 and all(" / " in heading for heading in head)
    assert told == {
        "generation": 1,
        "person_id": JOINED,
        "known_as": KNOWN,
        "follow_until": datetime(2021, 9, 29),
        "last_exposed_at": datetime(2021, 9, 15, 15),
        "exposed_at": datetime(2021, 9, 15, 15),
        "place": "site:cho",
        "source_id": CASE,
        "own_case_ids": "5a 5b",
    }


def test_nobody_reads_the_key_of_a_household() -> None:
    at_home = detail().lines[0].model_copy(update={"place": f"household:{'e' * 32}"})
    assert read(sheet.as_xlsx(detail(lines=[at_home])))["People"][1][6] == "tại nhà / at home"


def test_a_list_tells_who_joined_who_is_to_be_told_and_whom_others_follow() -> None:
    changes = read(sheet.as_xlsx(detail()))["Changes"][1:]
    assert [(row[1], row[2], row[3]) for row in changes] == [
        (JOINED, KNOWN, ""),
        (GONE, "", ""),
        (PASSED_ON, "", "21439"),
    ]
    assert "tell them" in changes[1][0]


def test_a_list_says_how_it_stands() -> None:
    about = dict(read(sheet.as_xlsx(detail()))["About"])
    assert about["Xã, phường / Commune"] == "Phường Trần Phú (21025)"
    assert about["Hạn xác nhận / Receipt until (UTC+7)"] == datetime(2021, 9, 15, 15)
    assert 471 in about.values()
    assert not any("hand it over again" in str(value) for value in about.values())
    stale = dict(
        read(sheet.as_xlsx(detail(outdated=True, complete=False, unit_code="", unit_name="")))[
            "About"
        ]
    )
    assert {
        "cần bàn giao lại / hand it over again",
        "tải lại sau giây lát / ask again in a moment",
    } <= set(stale.values())
    assert stale["Xã, phường / Commune"] == "không rõ nơi cư trú / residence unknown"


LOOK = revealed_sheet.Look(
    purpose="to call them today", account="committee", revealed_at=AT, request_id="r"
)


def identity(**more: Any) -> IdentityOut:
    names = {
        "full_name": "Trần Thị Mai",
        "birth_date": "1980",
        "sex": "female",
        "phone": "0901234567",
        "residence_detail": "12 Lê Lợi",
    }
    documents = {
        "documents": ["cccd 051180000001", "cmnd 212345678"],
        "residence_code": "21025",
        "registered": True,
    }
    facts: dict[str, Any] = {"person_id": KNOWN, "listed_as": JOINED, **names, **documents}
    return IdentityOut(**facts | more)


def test_people_revealed_are_told_with_their_address_and_why_somebody_looked() -> None:
    workbook = read(revealed_sheet.as_xlsx([identity()], [GONE], LOOK))
    told = dict(zip(revealed_sheet.COLUMNS, workbook["People"][1], strict=True))
    assert (told["full_name"], told["sex"], told["phone"]) == (
        "Trần Thị Mai",
        "nữ / female",
        "0901234567",
    )
    assert told["commune"].endswith("(21025)") and told["residence_detail"] == "12 Lê Lợi"
    assert told["documents"] == "cccd 051180000001, cmnd 212345678"
    assert workbook["Unknown"][1:] == [(GONE,)]
    assert [value for _, value in workbook["About"][:2]] == ["to call them today", "committee"]


@pytest.mark.parametrize("name", ["=1+1", '=HYPERLINK("http://x")', "+84", "@sum(A1)", "0901"])
def test_a_name_stays_a_name(name: str) -> None:
    content = revealed_sheet.as_xlsx(
        [identity(full_name=name, residence_code="99999", sex="unknown")], [], LOOK
    )
    cell = openpyxl.load_workbook(io.BytesIO(content))["People"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)
