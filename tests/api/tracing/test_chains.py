"""People whose own contacts were not asked for are counted."""

from api.tracing.chains import Chains
from api.tracing.contacts import Contact, Infectious

KNOWN = ("scan", "scan"), ("second", "second")


def met(source: str, contact: str, at: int, place: str = "post:1") -> Contact:
    return Contact(
        source, contact, place, f"{source} {at}", f"{contact} {at}", at, at, 0, *KNOWN, 0
    )


def test_somebody_reached_again_earlier_but_not_followed_counts_in_their_generation() -> None:
    chains = Chains(Infectious("case", 0, 1_000), 0)
    chains.infectious(limit=10)
    chains.apply([met("case", "a", 100), met("case", "b", 500)])
    chains.infectious(limit=10)
    chains.apply([met("a", "b", 200), met("a", "c", 300)])
    assert [person.person_id for person in chains.infectious(limit=0)] == []
    assert chains.not_followed == {1: 1, 2: 1}
