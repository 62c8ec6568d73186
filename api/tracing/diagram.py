"""Where everything lies in the drawing of a trace: generations as columns, people as boxes, the last step of each chain as an arrow."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.tracing.answers import Answer, Person, local, place_told

WIDTH_MM, GAP_MM, BOX_MM = 174.0, 13.0, (40.0, 9.5)
PITCH_MM = 11.6
DRAWN_MOST = 17
"""People of one generation: what a page has room for, with a box that says how many more there are."""


@dataclass(frozen=True, slots=True)
class Box:
    """`person_id` is None for the box that stands for everybody of its generation who is not drawn; they are `people`."""

    x_mm: float
    y_mm: float
    generation: int
    name: str
    person_id: str | None
    at: str
    place: str
    people: int = 1


@dataclass(frozen=True, slots=True)
class Arrow:
    """`of_more`: it comes from, or leads to, people who are not drawn one by one."""

    from_x_mm: float
    from_y_mm: float
    to_x_mm: float
    to_y_mm: float
    of_more: bool


@dataclass(frozen=True, slots=True)
class Diagram:
    height_mm: float
    box_width_mm: float
    box_height_mm: float
    boxes: list[Box]
    arrows: list[Arrow]
    not_drawn: int


def diagram_of(answer: Answer, names: Mapping[str, str], drawn_most: int = DRAWN_MOST) -> Diagram:
    """`names`: how each person is called in the dossier."""
    people: Sequence[Person] = answer["people"]
    columns = _columns(answer["person_id"], people, drawn_most)
    tallest = max((len(drawn) + bool(others) for drawn, others in columns), default=1)
    height, width = (
        tallest * PITCH_MM,
        min(BOX_MM[0], (WIDTH_MM - len(columns) * GAP_MM) / (len(columns) + 1)),
    )
    step = (WIDTH_MM - width) / max(1, len(columns))
    boxes = [Box(0.0, (height - BOX_MM[1]) / 2, 0, "F0", answer["person_id"], "", "")]
    for generation, (drawn, others) in enumerate(columns, start=1):
        top = (height - (len(drawn) + bool(others)) * PITCH_MM + PITCH_MM - BOX_MM[1]) / 2
        boxes += _column(generation * step, top, generation, drawn, len(others), names)
    return Diagram(
        height,
        width,
        BOX_MM[1],
        boxes,
        list(_arrows(boxes, people, width)),
        sum(len(others) for _, others in columns),
    )


def _columns(
    case_id: str, people: Sequence[Person], drawn_most: int
) -> list[tuple[list[Person], list[Person]]]:
    """By generation whom to draw, and the others. Whose source is drawn comes first; then they stand in the order of their sources, so
    that few arrows cross."""
    columns, place_of = list[tuple[list[Person], list[Person]]](), {case_id: 0}
    for generation in sorted({person["generation"] for person in people}):
        members = sorted(
            (one for one in people if one["generation"] == generation),
            key=lambda one: _source(one) not in place_of,
        )
        drawn, others = members[:drawn_most], members[drawn_most:]
        drawn.sort(key=lambda one: place_of.get(_source(one), len(place_of)))
        place_of = {one["person_id"]: place for place, one in enumerate(drawn)}
        columns.append((drawn, others))
    return columns


def _column(
    x: float,
    top: float,
    generation: int,
    drawn: Sequence[Person],
    others: int,
    names: Mapping[str, str],
) -> Iterator[Box]:
    for row, person in enumerate(drawn):
        at, place = (
            f"{local(person['exposed_at']):%d/%m %H:%M}",
            place_told(person["exposed_place"]),
        )
        yield Box(
            x,
            top + row * PITCH_MM,
            generation,
            names[person["person_id"]],
            person["person_id"],
            at,
            place,
        )
    if others:
        yield Box(
            x, top + len(drawn) * PITCH_MM, generation, f"F{generation}", None, "", "", others
        )


def _arrows(boxes: Sequence[Box], people: Sequence[Person], width: float) -> Iterator[Arrow]:
    """Between the same two boxes one is enough."""
    box_of = {box.person_id: box for box in boxes if box.person_id is not None}
    rest_of = {box.generation: box for box in boxes if box.person_id is None}
    # A source need not be of the generation before: whoever was reached again earlier passes it on from then.
    generation_of = {one["person_id"]: one["generation"] for one in people}
    steps = {_step(one, box_of, rest_of, generation_of) for one in people}
    for source, contact in sorted(
        steps, key=lambda step: (step[0].x_mm, step[0].y_mm, step[1].y_mm)
    ):
        middle, of_more = BOX_MM[1] / 2, None in (source.person_id, contact.person_id)
        yield Arrow(
            source.x_mm + width, source.y_mm + middle, contact.x_mm, contact.y_mm + middle, of_more
        )


def _step(
    person: Person,
    box_of: Mapping[str, Box],
    rest_of: Mapping[int, Box],
    generation_of: Mapping[str, int],
) -> tuple[Box, Box]:
    source = _source(person)
    return box_of.get(source) or rest_of[generation_of[source]], box_of.get(
        person["person_id"]
    ) or rest_of[person["generation"]]


def _source(person: Person) -> str:
    source: str = person["chain"][-1]["source_id"]
    return source
