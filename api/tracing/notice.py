"""A public notice of where a case was (mốc dịch tễ), coarse enough to single nobody out.

Its lines, also taken together, fit at least `k` people. It has no name, pseudonym, plate or
home. People who were there are asked to come forward. `anonymity.py` says what it promises.
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
from api.doors.services import Services, ServicesDep
from api.http.fields import Output
from api.http.problems import too_costly
from api.tracing.anonymity import People, people_by_period, publishable
from api.tracing.cases import with_case
from api.tracing.notice_text import english_text, vietnamese_text
from api.tracing.trace_request import ForwardIn, period_of, rules_of
from infra.errors import TooCostly
from schemas.domain.local_time import VIETNAM
from schemas.domain.places import parents, unit

router = APIRouter(prefix="/cases", tags=["cases"])
PUBLIC = ("post:", "site:")
Grain = Literal["hours", "half_day", "day"]
GRAINS: tuple[tuple[Grain, int], ...] = (("hours", 1), ("half_day", 12), ("day", 24))
"""Grains, the finest first, each with its length in hours, counted from midnight in Vietnam."""
MAX_COUNTED = 5_000
"""People of one period who count; a notice promises no more than a fifth of them."""
HOUR = timedelta(hours=1)
PERIODS = "period UInt32, place String, first_hour UInt32, last_hour UInt32"


@dataclass(frozen=True, slots=True)
class Stay:
    place: str
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True)
class Period:
    """A coarse form of a stay; `last` is the end, not included."""

    place: str
    grain: Grain
    first: datetime
    last: datetime


class MilestoneLine(Output):
    """A line of the notice.

    `people` counts the others who touched the place in the period, up to 5,000.
    """

    place: str
    name: str
    commune: str
    began_at: datetime
    ended_at: datetime
    grain: Grain
    people: int


class Notice(Output):
    """The lines that may be published, and how much is left out.

    `people_at_all` counts the others who were at every place that is published. `withheld` counts
    the stays that no period of a day makes safe to publish beside the others. `private` counts
    those at home, in vehicles and of meetings, which are never published.
    """

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
    services: ServicesDep,
    case_id: UUID,
    k: Annotated[int, Query(ge=2, le=1_000)] = 5,
    together: Annotated[int | None, Query(ge=1, le=3)] = None,
    rules_id: Annotated[str | None, Query(max_length=100)] = None,
    days_before_sampling: Annotated[int | None, Query(ge=0, le=30)] = None,
) -> Response | Notice:
    """Writes a notice whose places at least `k` others have in common, each in its period.

    `together` is the number of a person's places that a reader may know. Any choice of that many
    places then has `k` others in common, and more lines can be published. The notice comes as JSON,
    or as a text to publish (`text/plain`), Vietnamese first.
    """
    about_case = ForwardIn(
        case_id=case_id, rules_id=rules_id, days_before_sampling=days_before_sampling
    )
    case = await with_case(services.clickhouse, about_case)
    since, until = period_of(case, rules_of(services.reference.latest, case.rules_id, case.dated))
    person_id = case.person_id or ""
    stays = await _stays(services, person_id, since, until)
    public = [stay for stay in stays if stay.place.startswith(PUBLIC)]
    candidates = {stay: periods_of(stay) for stay in public}
    people = await _people_by_period(services, person_id, candidates.values())
    selected = publishable(list(candidates.values()), people, k, together)
    published = merged(period for period in selected if period)
    lines = [_line(services, period, people[period].bit_count()) for period in published]
    answer = Notice(
        k=k,
        together=together,
        people_at_all=_people_at_all(published, people),
        since=since,
        until=until,
        milestones=lines,
        withheld=selected.count(None),
        private=len(stays) - len(public),
        text_vi=vietnamese_text(lines),
        text_en=english_text(lines),
    )
    if "text/plain" in request.headers.get("accept", ""):
        return PlainTextResponse(f"{answer.text_vi}\n\n{answer.text_en}\n")
    return answer


def periods_of(stay: Stay) -> list[Period]:
    """Returns every period by which the stay can be published, the finest first."""
    return [
        Period(stay.place, grain, _down(stay.began, hours), _up(stay.ended, hours))
        for grain, hours in GRAINS
    ]


def merged(periods: Iterable[Period]) -> list[Period]:
    """Returns the periods in order of time, each once.

    A period within another of the same place is left out: that tells nothing more.
    """
    merged_periods: list[Period] = []
    for period in sorted(set(periods), key=_longest_of_earliest):
        if not any(_within(period, other) for other in merged_periods):
            merged_periods.append(period)
    return merged_periods


def _longest_of_earliest(period: Period) -> tuple[datetime, float, str]:
    return period.first, -period.last.timestamp(), period.place


def _within(period: Period, other: Period) -> bool:
    same_place = other.place == period.place
    return same_place and other.first <= period.first and period.last <= other.last


async def _stays(
    services: Services, person_id: str, since: datetime, until: datetime
) -> list[Stay]:
    parameters = {"person_id": person_id, "since": since, "until": until}
    rows = await services.clickhouse.ask("tracing/notice_stays", parameters)
    return [Stay(row["place"], row["began_at"], row["ended_at"]) for row in rows]


async def _people_by_period(
    services: Services, person_id: str, candidates: Iterable[Sequence[Period]]
) -> Mapping[Period, People]:
    periods = list[Period]()
    for of_stay in candidates:
        periods.extend(of_stay)
    if not periods:
        return {}
    rows = [
        (number, period.place, _hour(period.first), _hour(period.last) - 1)
        for number, period in enumerate(periods)
    ]
    parameters = {"person_id": person_id, "people": MAX_COUNTED}
    try:
        answer = await services.clickhouse.ask_with(
            "tracing/notice_crowds", parameters, "periods", PERIODS, rows
        )
    except TooCostly:
        raise too_costly(", ".join(dict.fromkeys(period.place for period in periods))) from None
    return people_by_period([periods[number] for number in row["periods"]] for row in answer)


def _people_at_all(published: Sequence[Period], people: Mapping[Period, People]) -> int:
    if not published:
        return 0
    return reduce(and_, (people[period] for period in published)).bit_count()


def _line(services: Services, period: Period, people: int) -> MilestoneLine:
    kind, _, name = period.place.partition(":")
    checkpoint = None
    if kind == "post":
        checkpoint = services.reference.latest.checkpoint(name, period.first)
    return MilestoneLine(
        place=period.place,
        name=checkpoint.name if checkpoint else name,
        commune=_commune(checkpoint.unit_code) if checkpoint else "",
        began_at=period.first,
        ended_at=period.last,
        grain=period.grain,
        people=people,
    )


def _commune(code: str) -> str:
    """Returns the name of the commune, and of its district."""
    units = map(unit, (code, *parents(code)[:1]))
    return ", ".join(known.name for known in units if known)


def _down(at: datetime, hours: int) -> datetime:
    midnight = at.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(hours=(at - midnight) // HOUR // hours * hours)


def _up(at: datetime, hours: int) -> datetime:
    """Returns the next multiple: an end on the hour belongs to the hour that begins with it."""
    return _down(at, hours) + timedelta(hours=hours)


def _hour(at: datetime) -> int:
    return int(at.timestamp()) // 3600
