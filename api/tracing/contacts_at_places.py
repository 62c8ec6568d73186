"""The contacts of people at places, asked for in three steps, so that the cost follows the answer.

First come the stays of the people asked about, by primary key; then the hours of those stays in
which a place was too full for a list; then, for the other hours, everybody else at the same places.

What counts as a contact, `contacts.sql` and `contacts_as_known.sql` decide alike; `passes_on` of
`chains.py` decides it again for the period of each chain. Which contacts are the strongest, those
two queries and `Contact.weakness` say alike. A change of either rule goes to all three places.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.backends.clickhouse import Cells, Queries
from api.http.problems import too_costly
from api.tracing.contacts import (
    DAY_MS,
    MINUTE_MS,
    SOMEWHERE_MS,
    Contact,
    Crowd,
    Encounters,
    Infectious,
    Stay,
    as_known,
)
from api.tracing.crowded_hours import CrowdedHours, PlaceHour, crowded_hours, people_in
from api.tracing.places import PART, VEHICLE, wider
from infra.errors import TooCostly
from schemas.contract.events import ExposureRulesAdopted

HOUR_MS = 3_600_000
HOURS = (
    "place String, hour UInt32, comes UInt8, wider UInt8, stay UInt32, person_id FixedString(32), "
    "began Int64, ended Int64, since Int64, before Int64, until Int64, within Int64, "
    "uncertain Int64"
)


@dataclass(frozen=True, slots=True)
class _Touched:
    """The hours that a stay touches at a place, the time apart that counts included.

    The place is the stay's own, or one that this is a part of: `levels` above it.
    """

    stay: int
    """Index of the stay."""
    place: str
    levels: int
    hours: range

    def place_hours(self) -> Iterator[PlaceHour]:
        for hour in self.hours:
            yield self.place, hour


async def encounters_at_places(
    ask: Queries,
    people: Sequence[Infectious],
    rules: ExposureRulesAdopted,
    *,
    known_at_ms: int | None,
    milestones: Sequence[Stay],
    most_per_stay: int,
    max_per_hour: int,
) -> Encounters:
    """Returns the strongest contacts of each stay; `milestones` are stays that no table knows.

    Hours of a place with more than `max_per_hour` presences are left out, and told as crowds.
    Raises `Problem` for a place about which the question takes too much.
    """
    stays = [*await _stays(ask, people, rules, known_at_ms), *milestones]
    stays = [stay for stay in stays if rules.vehicles_count or not stay.place.startswith(VEHICLE)]
    if not stays:
        return Encounters([], [], [])
    touched = list(_touched(stays, rules))
    hours = [place_hour for at_place in touched for place_hour in at_place.place_hours()]
    crowded = await crowded_hours(ask, hours, max_per_hour)
    slack_ms, uncertain_ms = _slack_ms(rules), _uncertain_ms(rules)
    parameters = {
        "earliest": min(stay.began_ms for stay in stays) - slack_ms - DAY_MS,
        "latest": max(stay.ended_ms for stay in stays) + slack_ms,
        "distance": rules.distance_most_m,
        "overlap": int(rules.overlap_minutes * MINUTE_MS),
        "granularities": list(uncertain_ms),
        "uncertain": list(uncertain_ms.values()),
        "somewhere": SOMEWHERE_MS,
        "most": most_per_stay,
    }
    name, parameters = as_known("tracing/contacts", parameters, known_at_ms)
    cells = _common_cells(stays, rules, uncertain_ms)
    not_crowded = _hours(touched, crowded, cells)
    try:
        rows = await ask.ask_with(name, parameters, "hours", HOURS, not_crowded)
    except TooCostly:
        raise too_costly(await _fullest_place(ask, touched)) from None
    return Encounters(
        contacts=[_contact(stays[row["stay"]], row, uncertain_ms) for row in rows],
        crowds=_crowds(stays, rows, most_per_stay, _crowded_out(touched, crowded)),
        stays=[stay for stay in stays if _touches_period(stay, slack_ms)],
    )


async def _stays(
    ask: Queries, people: Sequence[Infectious], rules: ExposureRulesAdopted, known_at_ms: int | None
) -> list[Stay]:
    slack_ms = _slack_ms(rules)
    parameters = {
        "earliest": min(person.since_ms for person in people) - slack_ms - DAY_MS,
        "latest": max(person.until_ms for person in people),
        "distance": rules.distance_most_m,
    }
    name, parameters = as_known("tracing/stays", parameters, known_at_ms)
    by_id = {person.person_id: person for person in people}
    stays = list[Stay]()
    for row in await ask.ask_people(name, parameters, by_id):
        person = by_id[row["person_id"]]
        if row["ended"] + slack_ms < person.since_ms or row["began"] > person.until_ms:
            continue
        if row["began"] >= person.before_ms:
            continue  # whom they met there is known
        stay = Stay(
            person=person,
            presence_id=row["presence_id"],
            place=row["place"],
            began_ms=row["began"],
            ended_ms=row["ended"],
            source=row["source"],
            granularity=row["granularity"],
        )
        stays.append(stay)
    return stays


def _touches_period(stay: Stay, slack_ms: int) -> bool:
    """Says whether the stay lies in the infectious period, the time apart that counts included."""
    person = stay.person
    return stay.began_ms <= person.until_ms and stay.ended_ms + slack_ms >= person.since_ms


def _crowded_out(touched: Sequence[_Touched], crowded: CrowdedHours) -> Mapping[int, int]:
    """Returns by stay about how many were there in hours of which nobody is listed."""
    people = defaultdict[int, int](int)
    if crowded:
        for at_place in touched:
            people[at_place.stay] += people_in(crowded, at_place.place, at_place.hours)
    return people


def _crowds(
    stays: Sequence[Stay],
    rows: Sequence[dict[str, Any]],
    listed: int,
    crowded_out: Mapping[int, int],
) -> list[Crowd]:
    """Returns the stays at which more people were than are listed."""
    left_out = {number: more for number, more in crowded_out.items() if more > 0}
    found = {row["stay"]: row["found"] for row in rows if row["found"] > listed}
    for number, total in found.items():
        left_out[number] = left_out.get(number, 0) + total - listed
    crowds = list[Crowd]()
    for number, more in sorted(left_out.items()):
        stay = stays[number]
        crowd = Crowd(
            source_id=stay.person.person_id,
            place=stay.place,
            presence_id=stay.presence_id,
            began_ms=stay.began_ms,
            more=more,
        )
        crowds.append(crowd)
    return crowds


async def _fullest_place(ask: Queries, touched: Sequence[_Touched]) -> str:
    """Returns the place at which the stays touch the most presences, so far as a sample tells."""
    hours = [place_hour for at_place in touched for place_hour in at_place.place_hours()]
    present = await crowded_hours(ask, hours, max_per_hour=0)
    touching = defaultdict[str, int](int)
    for place, hour in hours:
        of_hour = present.get((place, hour))
        touching[place] += 1 if of_hour is None else of_hour.present
    return max(touching, key=lambda place: touching[place])


def _slack_ms(rules: ExposureRulesAdopted) -> int:
    """Returns the longest time apart that still counts as a contact at any kind of place."""
    return int(max(rules.apart_minutes.values(), default=0.0) * MINUTE_MS)


def _uncertain_ms(rules: ExposureRulesAdopted) -> Mapping[str, int]:
    """Returns by granularity how far a period may be off."""
    return {
        granularity: int(minutes * MINUTE_MS)
        for granularity, minutes in rules.uncertain_minutes.items()
    }


def _within_ms(stay: Stay, rules: ExposureRulesAdopted) -> int:
    """Returns the time apart that counts as a contact at the stay's kind of place."""
    return int(rules.apart_minutes.get(stay.place.partition(":")[0], 0.0) * MINUTE_MS)


def _touched(stays: Sequence[Stay], rules: ExposureRulesAdopted) -> Iterator[_Touched]:
    """Yields the hours of each stay at its place, and at each place that this is a part of."""
    for number, stay in enumerate(stays):
        within_ms = _within_ms(stay, rules)
        first_hour = (stay.began_ms - within_ms) // HOUR_MS
        last_hour = (stay.ended_ms + within_ms) // HOUR_MS
        hours = range(first_hour, last_hour + 1)
        yield _Touched(number, stay.place, 0, hours)
        if PART in stay.place:
            for levels, place in enumerate(wider(stay.place), start=1):
                yield _Touched(number, place, levels, hours)


def _common_cells(
    stays: Sequence[Stay], rules: ExposureRulesAdopted, uncertain_ms: Mapping[str, int]
) -> list[Cells]:
    """Returns for each stay the cells that all its rows have in common, in the order of HOURS."""
    return [
        Cells.of(
            number,
            stay.person.person_id,
            stay.began_ms,
            stay.ended_ms,
            stay.person.since_ms,
            stay.person.before_ms,
            stay.person.until_ms,
            _within_ms(stay, rules),
            uncertain_ms.get(stay.granularity, 0),
        )
        for number, stay in enumerate(stays)
    ]


def _hours(
    touched: Sequence[_Touched], crowded: CrowdedHours, cells: Sequence[Cells]
) -> Iterator[tuple[object, ...]]:
    """Yields each stay once for every hour it touches in which the place was not too full.

    A pair of stays meets in the first hour that they share. So in the first hour of the stay
    everybody is met who is there already, and in each hour those who come in it.
    """
    for at_place in touched:
        place, levels, common = at_place.place, at_place.levels, cells[at_place.stay]
        for hour in at_place.hours:
            if (place, hour) in crowded:
                continue
            if hour == at_place.hours.start:
                yield place, hour, 0, levels, common
            yield place, hour, 1, levels, common


def _contact(stay: Stay, row: dict[str, Any], uncertain_ms: Mapping[str, int]) -> Contact:
    """Returns the contact of a row; `is_moment` is the condition of the `if` in `contacts.sql`."""
    met_from = max(stay.began_ms, row["began"])
    left = min(stay.ended_ms, row["ended"])
    is_moment = stay.began_ms == stay.ended_ms or row["began"] == row["ended"]
    own_uncertain = uncertain_ms.get(stay.granularity, 0)
    other_uncertain = uncertain_ms.get(row["granularity"], 0)
    levels = row["wider"]
    return Contact(
        source_id=stay.person.person_id,
        contact_id=row["contact_id"],
        place=wider(stay.place)[levels - 1] if levels else stay.place,
        source_presence_id=stay.presence_id,
        contact_presence_id=row["presence_id"],
        met_from_ms=met_from,
        met_to_ms=max(met_from, left),
        apart_ms=max(0, met_from - left),
        known_by=(stay.source, row["source"]),
        granularity=(stay.granularity, row["granularity"]),
        uncertain_ms=own_uncertain + other_uncertain,
        rule="apart_minutes" if is_moment else "overlap_minutes",
        parts=(stay.place if levels else "", row["part"]),
    )
