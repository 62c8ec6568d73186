"""Chains, evidence and strongest chains are what the simple ones say, and cost what changes."""

from collections.abc import Iterable, Sequence
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from api.tracing.case_status import Isolation
from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import Contact, Infectious
from api.tracing.evidence import evidence_of
from api.tracing.households import HOUSEHOLD
from api.tracing.strongest_chains import strongest_chains
from tests.api.tracing.simple_chains import SimpleChains

CASE, SINCE, UNTIL = "a", 10, 100
PEOPLE = "abcdefg"
KNOWN = ("report", "report"), ("minute", "day")


@st.composite
def meetings(draw: st.DrawFn) -> list[Contact]:
    """Returns meetings of an office from both sides; each presence is one person's."""
    met = []
    for number in range(draw(st.integers(1, 24))):
        pair = draw(st.permutations(PEOPLE))[:2]
        began, minutes = draw(st.integers(0, 105)), draw(st.sampled_from((0, 0, 5, 20, 60)))
        apart = draw(st.integers(0, 9)) if not minutes else 0
        uncertain = draw(st.sampled_from((0, 0, 10)))
        place = draw(st.sampled_from(("site:1", "post:1")))
        parts = draw(st.sampled_from((("", ""), ("", ""), ("site:1/a", ""))))
        for source, other in (pair, pair[::-1]):
            presences = f"{source}{number}", f"{other}{number}"
            period = began, began + minutes, apart
            met.append(
                Contact(source, other, place, *presences, *period, *KNOWN, uncertain, "", parts)
            )
    return met


def at_home(source: str, since: int, homes: Sequence[str]) -> Iterable[Contact]:
    for home in homes:
        for other in home if source in home else "":
            if other != source:
                presences = f"home of {source}", f"home of {other}"
                yield Contact(
                    source, other, f"{HOUSEHOLD}{home}", *presences, since, UNTIL, 0, *KNOWN
                )


class Office:
    """Answers whom a person met; `new` leaves out what was answered before."""

    def __init__(self, met: Sequence[Contact], homes: Sequence[str], overlap: int) -> None:
        self.met, self.homes, self.overlap = met, homes, overlap

    def whole(self, person: str, since: int, until: int) -> list[Contact]:
        met = [contact for contact in self.met if contact.source_id == person]
        met = [contact for contact in met if passes_on(contact, since, until, self.overlap)]
        return [*at_home(person, since, self.homes), *met]

    def new(self, person: Infectious) -> list[Contact]:
        before = self.whole(person.person_id, person.before_ms, person.until_ms)
        known = [contact for contact in before if not contact.place.startswith(HOUSEHOLD)]
        whole = self.whole(person.person_id, person.since_ms, person.until_ms)
        return [contact for contact in whole if contact not in known]


@given(
    met=meetings(),
    homes=st.lists(st.sampled_from(("ab", "cd", "efg")), unique=True),
    latent=st.sampled_from((0, 15)),
    overlap=st.sampled_from((0, 5)),
    isolated=st.dictionaries(st.sampled_from("bcdefg"), st.integers(10, 100), max_size=2),
    most=st.integers(1, 4),
)
def test_all_is_as_the_simple_chains_have_it(
    met: list[Contact],
    homes: list[str],
    latent: int,
    overlap: int,
    isolated: dict[str, int],
    most: int,
) -> None:
    office = Office(met, homes, overlap)
    simple = SimpleChains(CASE, SINCE, UNTIL, latent, isolated)
    chains = Chains(Infectious(CASE, SINCE, UNTIL), latent)
    chains.isolate({person: Isolation(at, None) for person, at in isolated.items()})
    for _ in range(3):
        simple.step(office.whole)
        chains.apply([c for person in chains.infectious(100) for c in office.new(person)])
    assert {
        person: (reached.generation, reached.first.at_ms, reached.first.contact)
        for person, reached in chains.people.items()
    } == {person: (simple.generation[person], *simple.first[person]) for person in simple.first}
    assert {
        person: (reached.earliest.at_ms, reached.earliest.contact)
        for person, reached in chains.people.items()
    } == simple.earliest
    contacts = [*chain.from_iterable(chains.contacts_by_source.values())]
    assert sorted(map(repr, contacts)) == sorted(map(repr, simple.contacts.values()))
    expected = simple.evidence()
    evidence = evidence_of(chains, most)
    assert evidence.keys() == expected.keys()
    for person, of_person in expected.items():
        found = evidence[person]
        ranks = [contact.rank for contact in found.strongest]
        assert ranks == [contact.rank for contact in of_person[:most]]
        assert found.total == len(of_person)
        assert found.last_exposed_ms == simple.last_exposed_ms(of_person)
    assert strength(strongest_chains(chains, overlap)) == strength(simple.strongest(overlap))


def strength(strongest: dict[str, list[Contact]]) -> dict[str, tuple[int, int, str]]:
    """Returns length, weakest contact and last presence of each chain: ties may differ else."""
    return {
        person: (len(steps), max(step.weakness for step in steps), steps[-1].contact_presence_id)
        for person, steps in strongest.items()
    }


def test_somebody_asked_about_again_is_asked_for_what_is_new() -> None:
    chains = Chains(Infectious(CASE, SINCE, UNTIL), 0)
    met = [
        Contact("a", "b", "site:1", "a1", "b1", 80, 90, 0, *KNOWN),
        Contact("a", "c", "site:1", "a2", "c2", 20, 30, 0, *KNOWN),
        Contact("c", "b", "site:1", "c3", "b3", 40, 50, 0, *KNOWN),
        Contact("b", "d", "site:1", "b4", "d4", 60, 70, 0, *KNOWN),
        Contact("b", "e", "site:1", "b5", "e5", 75, 95, 0, *KNOWN),
    ]
    office, asked = Office(met, [], 0), list[list[str]]()
    for _ in range(3):
        infectious = chains.infectious(100)
        answers = {person.person_id: office.new(person) for person in infectious}
        asked.append([c.contact_id for contacts in answers.values() for c in contacts])
        chains.apply(chain.from_iterable(answers.values()))
    # E was met by B after the 80th minute already, and turns out to have been exposed at the 75th.
    assert [sorted(people) for people in asked] == [["b", "c"], ["b", "e"], ["d"]]
    assert chains.people["e"].earliest.at_ms == 75
