"""How fresh the sources are: it is reported and listed, and refused where the end comes first."""

from datetime import timedelta
from typing import Any

from tests.api.conftest import Bench


def listed(bench: Bench, at: str) -> dict[str, Any]:
    return {
        source["source"]: source["refreshed_at"]
        for source in bench.call("GET", f"/reference/sources?at={at}").json()
    }


def test_a_source_is_fresh_from_its_refresh_for_as_long_as_it_says_or_by_default(
    bench: Bench,
) -> None:
    bench.call(
        "PUT",
        "/reference/sources/orders",
        role="register",
        json={"refreshed_at": "2021-09-15T00:00:00"},
    )
    bench.call(
        "PUT",
        "/reference/sources/zones",
        json={"refreshed_at": "2021-09-15T00:00:00", "good_until": "2021-09-15T06:00:00"},
    )
    for version, event in enumerate(bench.broker.events, 1):
        bench.doors.reference.current.add(version, event)
    orders, zones = bench.broker.events
    assert (orders.valid_to - orders.valid_from, zones.valid_to - zones.valid_from) == (
        timedelta(days=1),
        timedelta(hours=6),
    )
    fresh = {
        at: {name for name, since in listed(bench, f"2021-09-{at}").items() if since}
        for at in ("14T23:00", "15T05:00", "15T06:00", "16T00:00")
    }
    assert list(fresh.values()) == [set(), {"orders", "zones"}, {"orders"}, set()]


def test_an_end_before_the_beginning_and_an_unknown_source_are_refused(bench: Bench) -> None:
    ends = {"refreshed_at": "2021-09-15T00:00:00", "good_until": "2021-09-15T00:00:00"}
    assert bench.call("PUT", "/reference/sources/zones", json=ends).status_code == 422
    assert (
        bench.call(
            "PUT", "/reference/sources/rumours", json={"refreshed_at": "2021-09-15T00:00:00"}
        ).status_code
        == 422
    )
    assert bench.broker.taken == []
