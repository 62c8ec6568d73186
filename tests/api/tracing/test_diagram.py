"""The drawing of a trace has everybody in their column, and every arrow between two boxes.

Nobody is left out in silence.
"""

from itertools import pairwise

import pytest

from api.tracing.diagram import PITCH_MM, WIDTH_MM, Arrow, Box, Diagram, diagram_of
from api.tracing.dossier import names_of
from api.tracing.forward_trace import TracePerson
from tests.api.tracing.answers import CASE, answer, contact, person, pseudonym, reached


def drawn(people: list[TracePerson], limit: int) -> Diagram:
    trace = answer(people)
    return diagram_of(trace, names_of(trace), limit)


def ends(diagram: Diagram) -> set[tuple[str, str]]:
    """Returns which boxes the arrows join, by name."""

    def box_at(x: float, y: float, edge: float) -> Box:
        return next(
            box
            for box in diagram.boxes
            if (box.x_mm + edge, box.y_mm + diagram.box_height_mm / 2) == (x, y)
        )

    def joined(arrow: Arrow) -> tuple[str, str]:
        source = box_at(arrow.from_x_mm, arrow.from_y_mm, diagram.box_width_mm)
        return source.name, box_at(arrow.to_x_mm, arrow.to_y_mm, 0).name

    return {joined(arrow) for arrow in diagram.arrows}


def test_an_arrow_leads_to_everybody_from_their_source() -> None:
    diagram = drawn(reached(2, 3), 10)
    assert ends(diagram) == {
        ("F0", "F1.1"),
        ("F0", "F1.2"),
        ("F1.1", "F2.1"),
        ("F1.2", "F2.2"),
        ("F1.1", "F2.3"),
    }
    assert not any(arrow.of_more for arrow in diagram.arrows)
    assert diagram.not_drawn == 0


def test_those_not_drawn_share_a_box_that_counts_them_and_their_arrows() -> None:
    diagram = drawn(reached(7, 7), 2)
    rest = {box.generation: box.people for box in diagram.boxes if box.person_id is None}
    assert rest == {1: 5, 2: 5}
    assert diagram.not_drawn == 10
    assert ends(diagram) == {
        ("F0", "F1.1"),
        ("F0", "F1.2"),
        ("F0", "F1"),
        ("F1.1", "F2.1"),
        ("F1.2", "F2.2"),
        ("F1", "F2"),
    }
    assert sum(arrow.of_more for arrow in diagram.arrows) == 2


def test_whose_source_is_drawn_is_drawn_first() -> None:
    first = reached(3)
    of_third, of_first = (
        person(pseudonym(n), 2, *first[at].chain, contact(pseudonym(at + 1), pseudonym(n)))
        for n, at in ((8, 2), (9, 0))
    )
    assert [
        box.person_id for box in drawn([*first, of_third, of_first], 1).boxes if box.generation == 2
    ] == [pseudonym(9), None]


@pytest.mark.parametrize("f1", [1, 4, 400])
def test_boxes_lie_apart_and_within_the_drawing(f1: int) -> None:
    diagram = drawn(reached(f1, 9), 17)
    assert all(0 <= box.x_mm <= WIDTH_MM - diagram.box_width_mm + 1e-9 for box in diagram.boxes)
    assert all(0 <= box.y_mm <= diagram.height_mm - diagram.box_height_mm for box in diagram.boxes)
    for generation in (1, 2):
        column = [box.y_mm for box in diagram.boxes if box.generation == generation]
        assert all(lower - upper == pytest.approx(PITCH_MM) for upper, lower in pairwise(column))


def test_a_source_of_an_earlier_generation_than_the_one_before_is_found_in_its_own_column() -> None:
    """Reached again earlier through somebody else, a person of F1 may pass it on to F3."""
    f1 = [person(pseudonym(n), 1, contact(CASE, pseudonym(n))) for n in range(1, 31)]
    f2 = person(pseudonym(40), 2, *f1[0].chain, contact(pseudonym(1), pseudonym(40)))
    f3 = person(
        pseudonym(50),
        3,
        *f1[29].chain,
        contact(pseudonym(40), pseudonym(30)),
        contact(pseudonym(30), pseudonym(50)),
    )
    trace = answer([*f1, f2, f3])
    diagram = diagram_of(trace, names_of(trace))
    assert len(diagram.arrows) >= 3
