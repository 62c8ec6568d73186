"""Flags explain themselves: a person's own journal gives that person's flags.

Whatever is withdrawn leaves no trace.
"""

from collections.abc import Iterable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.contract.events import JournalEntry, JudgedEntry
from schemas.contract.topics import JOURNAL
from tests.streams.facts import EXPECTED, FACTS, path_with_zones
from tests.streams.memory_path import MemoryPath

JOURNALS: dict[str, list[JudgedEntry]] = {}
LIVE: dict[tuple[str, str], JudgedEntry] = {}
for written in EXPECTED.topics[JOURNAL.name]:
    assert isinstance(written, JudgedEntry)
    JOURNALS.setdefault(written.person_id, []).append(written)
    newest = LIVE.setdefault((written.person_id, written.entry_id), written)
    if written.revision > newest.revision:
        LIVE[written.person_id, written.entry_id] = written
LIVE = {key: entry for key, entry in LIVE.items() if not entry.withdrawn}
"""The entries that count in the end, by person and id."""


def screened(entries: Iterable[JournalEntry]) -> MemoryPath:
    path = path_with_zones(1)
    path.screen(entries)
    return path


def test_the_journal_of_one_person_alone_explains_that_person_s_flags() -> None:
    assert len(JOURNALS) > 3
    explained = {}
    for entries in JOURNALS.values():
        explained.update(screened(entries).open_flags())
    assert explained == EXPECTED.open_flags()


def withdrawal_of(entry: JudgedEntry) -> JudgedEntry:
    return replace(entry, withdrawn=True, fresh=False, revision=entry.revision + 1)


@settings(max_examples=150)
@given(
    data=st.data(), goes=st.lists(st.sampled_from(sorted(LIVE)), unique=True, max_size=len(FACTS))
)
def test_whatever_is_withdrawn_leaves_the_flags_as_if_it_had_never_been(
    data: st.DataObject, goes: Sequence[tuple[str, str]]
) -> None:
    """A withdrawal may arrive before the entry itself, too."""
    said = [*LIVE.values(), *(withdrawal_of(LIVE[key]) for key in goes)]
    stays = [entry for key, entry in LIVE.items() if key not in goes]
    assert screened(data.draw(st.permutations(said))).open_flags() == screened(stays).open_flags()
