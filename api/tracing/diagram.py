"""The layout of the drawing of a trace.

Generations are columns, people are boxes, and the last step of each chain is an arrow.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from api.tracing.export_values import local, place_label
from api.tracing.forward_trace import ForwardTrace, TracePerson

WIDTH_MM = 174.0
GAP_MM = 13.0
MAX_BOX_WIDTH_MM = 40.0
BOX_HEIGHT_MM = 9.5
PITCH_MM = 11.6
MAX_DRAWN = 17
"""Number of people of one generation that fit on a page, with a box that counts the others."""


@dataclass(frozen=True, slots=True)
class Box:
    """One person, or all `people` of a generation who are not drawn: then `person_id` is None."""

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
    """`of_more` says that it comes from, or leads to, people who are not drawn one by one."""

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


@dataclass(frozen=True, slots=True)
class Column:
    """The people of one generation: those drawn, from above, and the others."""

    generation: int
    drawn: list[TracePerson]
    others: list[TracePerson]

    @property
    def rows(self) -> int:
        return len(self.drawn) + bool(self.others)


def diagram_of(
    trace: ForwardTrace, names: Mapping[str, str], max_drawn: int = MAX_DRAWN
) -> Diagram:
    """Lays the trace out; `names` says how each person is called in the dossier."""
    columns = _columns(trace, max_drawn)
    height = max((column.rows for column in columns), default=1) * PITCH_MM
    room = WIDTH_MM - len(columns) * GAP_MM
    width = min(MAX_BOX_WIDTH_MM, room / (len(columns) + 1))
    step = (WIDTH_MM - width) / max(1, len(columns))
    boxes = [Box(0.0, (height - BOX_HEIGHT_MM) / 2, 0, "F0", trace.person_id, "", "")]
    for number, column in enumerate(columns, start=1):
        boxes += _boxes(column, number * step, height, names)
    return Diagram(
        height_mm=height,
        box_width_mm=width,
        box_height_mm=BOX_HEIGHT_MM,
        boxes=boxes,
        arrows=list(_arrows(boxes, trace.people, width)),
        not_drawn=sum(len(column.others) for column in columns),
    )


def _columns(trace: ForwardTrace, max_drawn: int) -> list[Column]:
    """Divides each generation into those drawn and the others.

    People whose source is drawn come first. Then people stand in the order of their sources, so
    that few arrows cross.
    """
    columns = list[Column]()
    row_of = {trace.person_id: 0}
    for generation in sorted({person.generation for person in trace.people}):
        members = [person for person in trace.people if person.generation == generation]
        members.sort(key=lambda person: _source(person) not in row_of)
        drawn, others = members[:max_drawn], members[max_drawn:]
        drawn.sort(key=lambda person: row_of.get(_source(person), len(row_of)))
        row_of = {person.person_id: row for row, person in enumerate(drawn)}
        columns.append(Column(generation, drawn, others))
    return columns


def _boxes(column: Column, x_mm: float, height_mm: float, names: Mapping[str, str]) -> list[Box]:
    top = (height_mm - column.rows * PITCH_MM + PITCH_MM - BOX_HEIGHT_MM) / 2
    boxes = [
        Box(
            x_mm=x_mm,
            y_mm=top + row * PITCH_MM,
            generation=column.generation,
            name=names[person.person_id],
            person_id=person.person_id,
            at=f"{local(person.exposed_at):%d/%m %H:%M}",
            place=place_label(person.exposed_place),
        )
        for row, person in enumerate(column.drawn)
    ]
    if column.others:
        name = f"F{column.generation}"
        y_mm = top + len(column.drawn) * PITCH_MM
        rest = Box(x_mm, y_mm, column.generation, name, None, "", "", len(column.others))
        boxes.append(rest)
    return boxes


def _arrows(boxes: Sequence[Box], people: Sequence[TracePerson], width: float) -> Iterator[Arrow]:
    """Yields one arrow between two boxes, however many people it stands for."""
    box_of = {box.person_id: box for box in boxes if box.person_id is not None}
    rest_of = {box.generation: box for box in boxes if box.person_id is None}
    for person in people:
        if person.person_id not in box_of:
            box_of[person.person_id] = rest_of[person.generation]
    # A source need not be of the generation before: a person reached again earlier passes it on
    # from then.
    steps = {(box_of[_source(person)], box_of[person.person_id]) for person in people}
    middle = BOX_HEIGHT_MM / 2
    for source, contact in sorted(steps, key=_from_above):
        yield Arrow(
            from_x_mm=source.x_mm + width,
            from_y_mm=source.y_mm + middle,
            to_x_mm=contact.x_mm,
            to_y_mm=contact.y_mm + middle,
            of_more=source.person_id is None or contact.person_id is None,
        )


def _from_above(step: tuple[Box, Box]) -> tuple[float, float, float]:
    source, contact = step
    return source.x_mm, source.y_mm, contact.y_mm


def _source(person: TracePerson) -> str:
    return person.chain[-1].source_id
