"""People asked about again, on the real ClickHouse: nobody whom they met comes twice."""

import pytest

from api.tracing.contacts import Contact
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.exposure import CV_11042, QD_3638
from tests.api.tracing.expectations import contacts_of
from tests.api.tracing.worlds import Stayed, Worlds

pytestmark = pytest.mark.live
B_EXPOSED_LATE: list[Stayed] = [
    ("a", "site:1", 120, 30, 0),
    ("b", "site:1", 120, 30, 0),
    ("a", "site:2", 20, 20, 0),
    ("c", "site:2", 20, 20, 0),
    ("c", "vehicle:1", 60, 20, 0),
    ("b", "vehicle:1", 60, 20, 0),
]
"""The case meets B in the 120th minute. C, whom it met before, met B in the 60th."""


def pair(contact: Contact) -> str:
    return contact.source_id[0] + contact.contact_id[0]


@pytest.mark.parametrize("known_at", [None, 9])
@pytest.mark.parametrize("rules", [QD_3638, CV_11042], ids=["QD-3638", "CV-11042"])
@pytest.mark.parametrize(
    "met",
    [
        pytest.param([("b", "post:1", 115, 0), ("d", "post:1", 125, 0)], id="moments"),
        pytest.param([("b", "site:3", 90, 90), ("d", "site:3", 100, 90)], id="stays"),
    ],
)
def test_whom_they_met_late_counts_once_and_whom_they_met_early_comes_too(
    worlds: Worlds, rules: ExposureRulesAdopted, met: list[Stayed], known_at: int | None
) -> None:
    early = [("b", "post:2", 100, 0, 0), ("e", "post:2", 101, 0, 0)]
    late = [(*stay, 0) for stay in met]
    presences = worlds.write([*B_EXPOSED_LATE, *early, *late])
    chains = worlds.follow(presences[0].person, 0, 240, 3, rules, known_at)
    of_b = [pair(contact) for contact in contacts_of(chains) if pair(contact)[0] == "b"]
    assert sorted(of_b) == ["bc", "bd", "be"]
