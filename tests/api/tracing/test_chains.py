"""What is counted of people whose own contacts were not asked for."""

from api.tracing.chains import Chains
from api.tracing.contacts import Contact, Infectious

KNOWN = ("scan", "scan"), ("second", "second")


def met(source: str, contact: str, at: int, place: str = "post:1") -> Contact:
    return Contact(
        source, contact, place, f"{source} {at}", f"{contact} {at}", at, at, 0, *KNOWN, 0
    )


def test_whoever_is_not_followed_counts_in_their_own_generation_also_when_reached_again_earlier() -> (
    None
):
    chains = Chains(Infectious("case", 0, 1_000), 0)
    chains.infectious(most=10)
    chains.take([met("case", "a", 100), met("case", "b", 500)])
    chains.infectious(most=10)
    chains.take([met("a", "b", 200), met("a", "c", 300)])
    assert [one.person_id for one in chains.infectious(most=0)] == []
    assert chains.not_followed == {1: 1, 2: 1}
