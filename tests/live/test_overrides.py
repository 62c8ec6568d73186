"""A scan has a verdict, and an officer overrides it, on the real path.

Both are read again from every place that shows them.
"""

from typing import Any
from uuid import uuid4

import pytest

from infra.tools.doors_client import DoorsClient
from tests.running_stack import RunningStack
from tests.waiting import wait_until

pytestmark = pytest.mark.live

PERIOD = {"from": "2021-11-03T00:00:00", "to": "2021-11-04T00:00:00"}


def test_the_last_word_of_the_officer_is_told_with_the_verdict_in_the_report_and_in_the_timeline(
    stack: RunningStack,
) -> None:
    with DoorsClient(stack.settings, "admin") as doors:
        fresh = {"refreshed_at": "2021-11-02T00:00:00", "good_until": "2021-11-05T00:00:00"}
        doors.put("/reference/sources/orders", fresh)
        checkpoint_id = f"override-{uuid4()}"
        described = {"name": "Chốt", "unit_code": "21481", "valid_from": "2021-11-01"}
        doors.put(f"/reference/checkpoints/{checkpoint_id}", described)
        scan = {
            "shown": "051180668201",
            "checkpoint_id": checkpoint_id,
            "direction": "in",
            "scanned_at": "2021-11-03T08:00:00",
        }
        # What is put is known to the doors at once; the stages follow.

        def judged_with_sources() -> dict[str, Any] | None:
            verdict: dict[str, Any] = doors.post("/scans?wait_ms=30000", scan)
            return verdict if verdict["as_of"]["sources"] else None

        verdict = wait_until(judged_with_sources, what="a verdict that knows the source")
        assert verdict["decision"] == "refer"
        assert [check["code"] for check in verdict["by_hand"]] == [
            "ask_other_document",
            "declare_here",
        ]
        assert {source["code"] for source in verdict["as_of"]["not_fresh"]} >= {
            "register_not_fresh",
            "verdict_not_fresh",
        }
        assert list(verdict["as_of"]["sources"]) == ["orders"]
        path = f"/scans/{verdict['scan_id']}"

        def override(decision: str, reason: str, at: str) -> None:
            body = {"decision": decision, "reason": reason, "overridden_at": f"2021-11-03T{at}"}
            doors.post(f"{path}/override", body)

        override("turn_back", "suspicion", "08:01:00")
        override("pass", "papers_seen", "08:02:00")

        def is_overridden() -> bool:
            override = doors.get(f"{path}/verdict").get("override", {})
            return bool(override.get("decision") == "pass")

        wait_until(is_overridden, what="the officer's word", poll_s=0.5)
        overridden = doors.get(f"{path}/verdict")
        for name in ("decision", "valid_until", "as_of"):
            assert overridden[name] == verdict[name], name
        (row,) = doors.get("/overrides", checkpoint_id=checkpoint_id, **PERIOD)
        assert row["verdict"] == "refer"
        assert row["decision"] == "pass"
        assert row["reason"]["code"] == "papers_seen"
        assert row["scans"] == 1
        person = doors.get("/people/lookup", document="051180668201")["person_id"]
        items = doors.get(f"/people/{person}/timeline", **PERIOD)["items"]
        assert [item["kind"] for item in items].count("override") == 2
        # A word that another has replaced counts nowhere.
        of_the_first = {"from": "2021-11-03T08:00:30", "to": "2021-11-03T08:01:30"}
        assert doors.get("/overrides", checkpoint_id=checkpoint_id, **of_the_first) == []

        override("refer", "record_wrong", "08:03:00")
        wait_until(
            lambda: doors.get("/overrides", checkpoint_id=checkpoint_id, **PERIOD) == [],
            what="the word to be taken back",
        )
