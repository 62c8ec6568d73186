"""A public notice of where a case was (mốc dịch tễ), coarse enough that its lines, also taken together, fit at least so many people.

It has no name, pseudonym, plate or home. Whoever was there is asked to come forward. `anonymity.py` says what it promises.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import and_
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import PlainTextResponse, Response

from api.accounts.access import requires
from api.accounts.accounts import Account
from api.doors.doors import Doors, doors_of
from api.http.fields import VIETNAM, Output
from api.tracing.anonymity import Crowd, anonymous, crowds_of
from api.tracing.cases import with_case
from api.tracing.trace_request import ForwardIn, period_of, rules_of
from schemas.domain.places import parents, unit

router = APIRouter(prefix="/cases", tags=["cases"])
PUBLIC = ("post:", "site:")
Grain = Literal["hours", "half_day", "day"]
GRAINS: tuple[tuple[Grain, int], ...] = (("hours", 1), ("half_day", 12), ("day", 24))
"""From the finest: each with the hours it is a multiple of, counted from midnight in Vietnam."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Stay:
    place: str
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """`last`: the end, not included."""

    place: str
    grain: Grain
    first: datetime
    last: datetime


class MilestoneLine(Output):
    """`people`: how many others touched the place in the period."""

    place: str
    name: str
    commune: str
    began_at: datetime
    ended_at: datetime
    grain: Grain
    people: int


class Notice(Output):
    """`people_at_all`: how many others were at every place that is told; `withheld`: stays that no period of a day makes safe to
    tell beside the others; `private`: those at home, in vehicles and of meetings, which are never told."""

    k: int
    together: int | None
    people_at_all: int
    since: datetime
    until: datetime
    milestones: list[MilestoneLine]
    withheld: int
    private: int
    text_vi: str
    text_en: str


@router.get(
    "/{case_id}/notice", response_model=Notice, responses={200: {"content": {"text/plain": {}}}}
)
async def notice(
    request: Request,
    account: Annotated[Account, requires("tracer")],
    case_id: UUID,
    k: Annotated[int, Query(ge=2, le=1_000)] = 5,
    together: Annotated[int | None, Query(ge=1, le=3)] = None,
    rules_id: Annotated[str | None, Query(max_length=100)] = None,
    days_before_sampling: Annotated[int | None, Query(ge=0, le=30)] = None,
) -> Response | Notice:
    """`k`: how many others at least must have been at all of the places that are told, each in its period; or, with `together`, at every so
    many of them: more lines can be told, to readers who know no more than so many of a person's whereabouts. As JSON, or as a text to
    publish (`text/plain`), Vietnamese first."""
    doors = doors_of(request)
    question = ForwardIn(
        case_id=case_id, rules_id=rules_id, days_before_sampling=days_before_sampling
    )
    case = await with_case(doors.clickhouse, question)
    since, until = period_of(case, rules_of(doors.reference.latest, case.rules_id, case.dated))
    rows = await doors.clickhouse.ask(
        "tracing/notice_stays", {"person_id": case.person_id, "since": since, "until": until}
    )
    stays = [Stay(row["place"], row["began_at"], row["ended_at"]) for row in rows]
    public = [stay for stay in stays if stay.place.startswith(PUBLIC)]
    candidates = {stay: periods_of(stay) for stay in public}
    crowds = await _crowds(
        doors,
        case.person_id or "",
        [period for periods in candidates.values() for period in periods],
    )
    chosen = anonymous(list(candidates.values()), crowds, k, together)
    told = merged(one for one in chosen if one)
    lines = [_line(doors, period, crowds[period].bit_count()) for period in told]
    written = Notice(
        k=k,
        together=together,
        people_at_all=reduce(and_, (crowds[period] for period in told)).bit_count() if told else 0,
        since=since,
        until=until,
        milestones=lines,
        withheld=chosen.count(None),
        private=len(stays) - len(public),
        text_vi=_text(lines, HEAD_VI, FOOT_VI, "đến"),
        text_en=_text(lines, HEAD_EN, FOOT_EN, "to"),
    )
    if "text/plain" in request.headers.get("accept", ""):
        return PlainTextResponse(f"{written.text_vi}\n\n{written.text_en}\n")
    return written


def periods_of(stay: Stay) -> list[Period]:
    """Every way to tell the stay, the finest first."""
    return [
        Period(stay.place, grain, _down(stay.began, hours), _up(stay.ended, hours))
        for grain, hours in GRAINS
    ]


def merged(periods: Iterable[Period]) -> list[Period]:
    """In order of time, each once; a period that lies within another of the same place tells nothing more."""
    kept: list[Period] = []
    for one in sorted(
        set(periods), key=lambda period: (period.first, -period.last.timestamp(), period.place)
    ):
        if not any(
            other.place == one.place and other.first <= one.first and one.last <= other.last
            for other in kept
        ):
            kept.append(one)
    return kept


async def _crowds(
    doors: Doors, person_id: str, periods: Sequence[Period]
) -> Mapping[Period, Crowd]:
    if not periods:
        return {}
    rows = [
        (number, one.place, _hour(one.first), _hour(one.last) - 1)
        for number, one in enumerate(periods)
    ]
    structure = "period UInt32, place String, first_hour UInt32, last_hour UInt32"
    answer = await doors.clickhouse.ask_with(
        "tracing/notice_crowds", {"person_id": person_id}, "periods", structure, rows
    )
    return crowds_of([periods[number] for number in row["periods"]] for row in answer)


def _line(doors: Doors, period: Period, people: int) -> MilestoneLine:
    kind, _, name = period.place.partition(":")
    post = doors.reference.latest.checkpoint(name, period.first) if kind == "post" else None
    return MilestoneLine(
        place=period.place,
        name=post.name if post else name,
        commune=_commune(post.unit_code) if post else "",
        began_at=period.first,
        ended_at=period.last,
        grain=period.grain,
        people=people,
    )


def _commune(code: str) -> str:
    names = [found.name for one in (code, *parents(code)[:1]) if (found := unit(one))]
    return ", ".join(names)


def _text(lines: Sequence[MilestoneLine], head: str, foot: str, until: str) -> str:
    told = (
        f"- {one.began_at.astimezone(VIETNAM):%H:%M %d/%m/%Y} {until} {one.ended_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}: "
        f"{one.name}{f' ({one.commune})' if one.commune else ''}"
        for one in lines
    )
    return "\n".join((head, *told, foot)) if lines else foot


HEAD_VI = "THÔNG BÁO: những người đã đến các địa điểm sau, trong thời gian sau, đề nghị liên hệ ngay trạm y tế nơi cư trú:"
HEAD_EN = "NOTICE: whoever was at one of these places at the time given is asked to call the health station of their commune at once:"
FOOT_VI = "Ngoài các địa điểm nêu trên, cơ quan y tế liên hệ trực tiếp với người có liên quan."
FOOT_EN = "Beyond the places named here, the health authority contacts those concerned directly."


def _down(at: datetime, hours: int) -> datetime:
    midnight = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=(at - midnight) // HOUR // hours * hours)


def _up(at: datetime, hours: int) -> datetime:
    """The next multiple after the instant: an end on the hour belongs to the hour that begins with it."""
    return _down(at, hours) + timedelta(hours=hours)


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600
