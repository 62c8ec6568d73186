"""The strongest of the shortest chains is held against every chain, tried one by one."""

from collections.abc import Iterator, Sequence

from hypothesis import given
from hypothesis import strategies as st

from api.tracing.chains import Chains, passes_on
from api.tracing.contacts import Contact, Infectious
from api.tracing.households import HOUSEHOLD
from api.tracing.strongest_chains import strongest_chains

UNTIL, CASE = 100, "a"


@st.composite
def contacts(draw: st.DrawFn) -> Contact:
    source, other = draw(st.permutations("abcdef"))[:2]
    met_from = draw(st.integers(0, 100))
    minutes = draw(st.sampled_from((0, 0, 5, 20, 60)))
    place = draw(st.sampled_from((f"{HOUSEHOLD}1", "site:1", "post:1")))
    number = draw(st.integers(0, 999))
    apart = draw(st.integers(0, 9)) if not minutes else 0
    uncertain = draw(st.sampled_from((0, 0, 10, 60)))
    known = ("scan", "scan"), ("second", "second")
    return Contact(
        source,
        other,
        place,
        f"s{number}",
        f"c{number}",
        met_from,
        met_from + minutes,
        apart,
        *known,
        uncertain,
    )


def traced(met: Sequence[Contact], latent: int, overlap: int, depth: int) -> Chains:
    chains = Chains(Infectious(CASE, 10, UNTIL), latent)
    for _ in range(depth):
        infectious = chains.infectious(limit=100)
        chains.apply(contacts_of(infectious, met, overlap))
    return chains


def contacts_of(
    infectious: Sequence[Infectious], met: Sequence[Contact], overlap: int
) -> Iterator[Contact]:
    for person in infectious:
        for contact in met:
            if contact.source_id == person.person_id and counts(contact, person.since_ms, overlap):
                yield contact


def counts(contact: Contact, since: int, overlap: int) -> bool:
    return passes_on(contact, since, UNTIL, overlap)


def every_chain(
    met: Sequence[Contact], length: int, latent: int, overlap: int
) -> Iterator[tuple[list[Contact], int]]:
    """Yields every chain of this length, with the time of its last exposure."""

    def further(chain: list[Contact], last: str, at: int) -> Iterator[tuple[list[Contact], int]]:
        if len(chain) == length:
            yield chain, at
            return
        since = at + latent if chain else at
        for step in met:
            if step.source_id == last and step.contact_id != CASE and counts(step, since, overlap):
                exposed = max(step.met_from_ms, since)
                yield from further([*chain, step], step.contact_id, exposed)

    return further([], CASE, 10)


def value(chain: Sequence[Contact], at: int) -> tuple[int, int]:
    weaknesses = [
        step.uncertain_ms + step.apart_ms - (step.met_to_ms - step.met_from_ms) for step in chain
    ]
    return max(weaknesses), at


@given(
    met=st.lists(
        contacts(),
        max_size=14,
        unique_by=lambda step: (step.source_id, step.contact_id, step.source_presence_id),
    ),
    latent=st.sampled_from((0, 15)),
    overlap=st.sampled_from((0, 5)),
)
def test_no_chain_as_short_is_stronger_or_as_strong_and_earlier(
    met: list[Contact], latent: int, overlap: int
) -> None:
    met = [step for step in met if counts(step, 0, overlap)]
    chains = traced(met, latent, overlap, depth=3)
    found = strongest_chains(chains, overlap)
    assert set(found) == set(chains.people) - {CASE}
    for person, chain in found.items():
        length = chains.people[person].generation
        others = [
            (steps, at)
            for steps, at in every_chain(met, length, latent, overlap)
            if steps[-1].contact_id == person
        ]
        best = min(value(steps, at) for steps, at in others)
        assert value(chain, next(at for steps, at in others if steps == chain)) == best


def contact(source: str, other: str, met_from: int, minutes: int, uncertain: int = 0) -> Contact:
    ids = f"{source}{met_from}", f"{other}{met_from}"
    known = ("report", "report"), ("minute", "day")
    return Contact(
        source, other, "site:1", *ids, met_from, met_from + minutes, 0, *known, uncertain
    )


def test_a_long_evening_counts_for_more_than_an_earlier_moment() -> None:
    moment = contact("a", "b", 20, 0)
    evening = contact("a", "b", 40, 30)
    later = contact("b", "c", 75, 20)
    assert strongest_chains(traced([moment, evening, later], 0, 0, 2), 0) == {
        "b": [evening],
        "c": [evening, later],
    }


def test_an_evening_known_only_by_its_day_counts_for_less_than_a_short_visit() -> None:
    """The short visit is known to the minute."""
    visit, evening = contact("a", "b", 40, 10), contact("a", "b", 45, 30, uncertain=40)
    assert strongest_chains(traced([visit, evening], 0, 0, 1), 0) == {"b": [visit]}


def test_a_strong_contact_that_comes_too_late_for_the_next_one_is_not_in_its_chain() -> None:
    moment = contact("a", "b", 20, 0)
    evening = contact("a", "b", 40, 30)
    between = contact("b", "c", 25, 10)
    assert strongest_chains(traced([moment, evening, between], 0, 0, 2), 0) == {
        "b": [evening],
        "c": [moment, between],
    }
