"""A difference between two tables that both follow the log counts if it stays the same."""

from collections.abc import Mapping

import pytest

from infra.tools.rebuild.compare import NOBODY, Contents
from infra.tools.rebuild.models import ReadModel, named
from infra.tools.rebuild.verify import ROUNDS, compare

SCANS, ZONES = named(["scans", "reference_zones"])
EQUAL = Contents(5, 5, 50, 50)


def ahead(by: int) -> Contents:
    return Contents(5 + by, 5, 50 + by, 50)


class Looks:
    """A comparison that sees at each look what the test says, person by person."""

    def __init__(self, *looks: Mapping[str, Contents]) -> None:
        self.looks, self.passed = list(looks), 0

    def whole(self, model: ReadModel) -> Contents:
        return ahead(1) if self.looks[0] else EQUAL

    def differing(self, model: ReadModel) -> dict[str, Contents]:
        return dict(self.looks[min(self.passed, len(self.looks) - 1)])

    def pass_on(self) -> None:
        self.passed += 1


def people_found(looks: Looks, model: ReadModel = SCANS) -> set[str]:
    (found,) = compare(looks, [model], looks.pass_on)
    return set(found.people)


def test_equal_tables_are_looked_at_once() -> None:
    looks = Looks({})
    assert people_found(looks) == set()
    assert looks.passed == 0


def test_what_was_on_its_way_is_no_difference_though_others_are_then() -> None:
    assert people_found(Looks({"a": ahead(1)}, {"b": ahead(1)})) == set()


def test_the_same_difference_again_is_one() -> None:
    looks = Looks({"a": ahead(1), "b": ahead(2)}, {"a": ahead(1)})
    assert people_found(looks) == {"a"}
    assert looks.passed == 1


def test_a_difference_that_changes_is_looked_at_again_until_it_is_gone_or_stays() -> None:
    moving = [{"a": ahead(number)} for number in range(1, 4)]
    assert people_found(Looks(*moving, {})) == set()
    assert people_found(Looks(*moving)) == {"a"}


def test_a_difference_that_is_there_at_every_look_counts_though_it_changes() -> None:
    looks = Looks(*({"a": ahead(number)} for number in range(1, 2 * ROUNDS)))
    assert people_found(looks) == {"a"}
    assert looks.passed == ROUNDS


def test_a_table_whose_rows_are_nobodys_differs_as_a_whole() -> None:
    assert people_found(Looks({NOBODY: ahead(1)}), ZONES) == {NOBODY}


@pytest.mark.parametrize(
    ("contents", "equal"),
    [
        (EQUAL, True),
        (ahead(1), False),
        (Contents(5, 5, 50, 51), False),
        (Contents(6, 5, 50, 50), False),
    ],
)
def test_tables_are_equal_if_rows_and_hashes_are(contents: Contents, equal: bool) -> None:
    assert contents.equal is equal


def test_other_contents_of_as_many_rows_differ_by_the_hash_alone() -> None:
    assert Contents(5, 5, 1, 2).delta == (0, (1 << 64) - 1)
