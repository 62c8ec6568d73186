"""Zones are read as they are, were and would be, on the real path.

They are in a province of their own, for levels move what other tests find.
"""

from typing import Any

import pytest

from infra.tools.doors_client import DoorsClient
from schemas.domain.zones import parts
from tests.waiting import wait_until

pytestmark = pytest.mark.live

PROVINCE = "89"
DISTRICT = parts(PROVINCE)[0]
COMMUNES = parts(DISTRICT)
AT = "2021-11-02T08:00:00"


def zones(doors: DoorsClient, **parameters: Any) -> dict[str, tuple[str | None, str | None]]:
    """Returns level and computed level by unit."""
    response = doors.get("/reference/zones", province_code=PROVINCE, at=AT, **parameters)
    return {zone["unit_code"]: (zone["level"], zone["computed"]) for zone in response["zones"]}


def test_a_correction_keeps_what_was_believed_before(doors: DoorsClient) -> None:
    row = {"valid_from": "2021-11-01", "valid_to": "2021-11-30", "decision": "QĐ 1"}
    believed = doors.put(f"/reference/zones/{COMMUNES[0]}", {"level": "orange"} | row)["version"]
    corrected = doors.put(f"/reference/zones/{COMMUNES[0]}", {"level": "red"} | row)["version"]
    assert zones(doors, version=believed)[COMMUNES[0]] == ("orange", None)
    assert zones(doors, version=corrected)[COMMUNES[0]] == ("red", None)
    assert zones(doors)[COMMUNES[0]] == ("red", None)
    assert zones(doors, version=-1) == {}


def test_a_preview_tells_what_would_change_and_whom_it_touches_and_writes_nothing(
    doors: DoorsClient,
) -> None:
    doors.put(
        f"/reference/zones/{DISTRICT}",
        {"level": "green", "valid_from": "2021-11-01", "valid_to": "2021-11-30"},
    )
    journey = {
        "full_name": "Trần Thị Mai",
        "birth_date": "1980",
        "document_number": "051180668001",
        "origin_code": COMMUNES[-1],
    }
    when = {
        "departure_at": "2021-11-02T07:00:00",
        "arrival_at": "2021-11-02T09:00:00",
        "declared_at": "2021-11-02T06:00:00",
    }
    doors.post("/declarations", journey | when | {"destination_code": "21439"})
    rows = [
        {"unit_code": code, "level": "red", "valid_from": "2021-11-02", "valid_to": "2021-11-03"}
        for code in COMMUNES[1:]
    ]
    before = zones(doors)

    def previewed() -> dict[str, Any]:
        request = {"zones": rows, "at": AT, "province_code": PROVINCE}
        response: dict[str, Any] = doors.post("/reference/zones/preview", request)
        return response

    wait_until(lambda: previewed()["journeys"], what="the journey to be in ClickHouse", poll_s=0.5)
    preview = previewed()
    assert changes(preview["communes"]) == {(code, "green", "red") for code in COMMUNES[1:]}
    assert (DISTRICT, None, "red") in changes(preview["computed"])
    assert preview["journeys"] == 1
    assert preview["people"] == 1
    assert zones(doors) == before


def changes(units: list[dict[str, Any]]) -> set[tuple[str, str | None, str | None]]:
    """Returns each unit with its level before and after."""
    return {(unit["unit_code"], unit["before"], unit["after"]) for unit in units}
