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
        post = f"override-{uuid4()}"
        described = {"name": "Chốt", "unit_code": "21481", "valid_from": "2021-11-01"}
        doors.put(f"/reference/checkpoints/{post}", described)
        scan = {
            "shown": "051180668201",
            "checkpoint_id": post,
            "direction": "in",
            "scanned_at": "2021-11-03T08:00:00",
        }
        # What is put is known to the doors at once; the stages follow.
        verdict = wait_until(
            lambda: (
                said
                if (said := doors.post("/scans?wait_ms=30000", scan))["as_of"]["sources"]
                else None
            )
        )
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
        doors.post(
            f"{path}/override",
            {
                "decision": "turn_back",
                "reason": "suspicion",
                "overridden_at": "2021-11-03T08:01:00",
            },
        )
        doors.post(
            f"{path}/override",
            {"decision": "pass", "reason": "papers_seen", "overridden_at": "2021-11-03T08:02:00"},
        )

        def last() -> Any:
            return doors.get(f"{path}/verdict").get("override", {}).get("decision") == "pass"

        wait_until(last, what="the officer's word", poll_s=0.5)
        again = doors.get(f"{path}/verdict")
        assert {name: again[name] for name in ("decision", "valid_until", "as_of")} == {
            name: verdict[name] for name in ("decision", "valid_until", "as_of")
        }
        report = doors.get("/overrides", checkpoint_id=post, **PERIOD)
        assert [
            (row["verdict"], row["decision"], row["reason"]["code"], row["scans"]) for row in report
        ] == [("refer", "pass", "papers_seen", 1)]
        person = doors.get("/people/lookup", document="051180668201")["person_id"]
        kinds = [
            item["kind"] for item in doors.get(f"/people/{person}/timeline", **PERIOD)["items"]
        ]
        assert kinds.count("override") == 2
        early = doors.get(
            "/overrides",
            **{"from": "2021-11-03T08:00:30", "to": "2021-11-03T08:01:30", "checkpoint_id": post},
        )
        assert early == []  # a word that another has replaced counts nowhere

        doors.post(
            f"{path}/override",
            {"decision": "refer", "reason": "record_wrong", "overridden_at": "2021-11-03T08:03:00"},
        )
        wait_until(
            lambda: doors.get("/overrides", checkpoint_id=post, **PERIOD) == [],
            what="the word to be taken back",
        )
