"""The contacts of people at places, asked for in two steps, so that the cost follows the answer.

First come the stays of the people asked about, by primary key; then, for the hours of those stays,
everybody else at the same places.

What counts as a contact, `contacts.sql` and `contacts_as_known.sql` decide alike; `passes_on` of
`chains.py` decides it again for the period of each chain. Which contacts are the strongest, those
two queries and `Contact.weakness` say alike. A change of either rule goes to all three places.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from api.backends.clickhouse import Cells, Queries
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
from api.tracing.places import PART, VEHICLE, wider
from schemas.contract.events import ExposureRulesAdopted

HOUR_MS = 3_600_000
HOURS = (
    "place String, hour UInt32, wider UInt8, stay UInt32, person_id FixedString(32), "
    "first_hour UInt32, began Int64, ended Int64, since Int64, until Int64, within Int64, "
    "uncertain Int64"
)


async def encounters_at_places(
    ask: Queries,
    people: Sequence[Infectious],
    rules: ExposureRulesAdopted,
    *,
    known_at_ms: int | None,
    milestones: Sequence[Stay],
    most_per_stay: int,
) -> Encounters:
    """Returns the strongest contacts of each stay; `milestones` are stays that no table knows."""
    stays = [*await _stays(ask, people, rules, known_at_ms), *milestones]
    stays = [stay for stay in stays if rules.vehicles_count or not stay.place.startswith(VEHICLE)]
    if not stays:
        return Encounters([], [], [])
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
    rows = await ask.ask_with(name, parameters, "hours", HOURS, _hours(stays, rules, uncertain_ms))
    return Encounters(
        contacts=[_contact(stays[row["stay"]], row, uncertain_ms) for row in rows],
        crowds=_crowds(stays, rows, most_per_stay),
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


def _crowds(stays: Sequence[Stay], rows: Sequence[dict[str, Any]], listed: int) -> list[Crowd]:
    totals = {row["stay"]: row["found"] for row in rows if row["found"] > listed}
    crowds = list[Crowd]()
    for number, total in sorted(totals.items()):
        stay = stays[number]
        crowd = Crowd(
            source_id=stay.person.person_id,
            place=stay.place,
            presence_id=stay.presence_id,
            began_ms=stay.began_ms,
            more=total - listed,
        )
        crowds.append(crowd)
    return crowds


def _slack_ms(rules: ExposureRulesAdopted) -> int:
    """Returns the longest time apart that still counts as a contact at any kind of place."""
    return int(max(rules.apart_minutes.values(), default=0.0) * MINUTE_MS)


def _uncertain_ms(rules: ExposureRulesAdopted) -> Mapping[str, int]:
    """Returns by granularity how far a period may be off."""
    return {
        granularity: int(minutes * MINUTE_MS)
        for granularity, minutes in rules.uncertain_minutes.items()
    }


def _hours(
    stays: Sequence[Stay], rules: ExposureRulesAdopted, uncertain_ms: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    """Yields each stay once for every hour it touches, the time apart that counts included.

    The stay is yielded for its place, and for each place that this place is a part of.
    """
    for number, stay in enumerate(stays):
        within_ms = int(rules.apart_minutes.get(stay.place.partition(":")[0], 0.0) * MINUTE_MS)
        first_hour = (stay.began_ms - within_ms) // HOUR_MS
        last_hour = (stay.ended_ms + within_ms) // HOUR_MS
        # In the order of HOURS; the cell `stay` is the index among `stays`.
        common = Cells.of(
            number,
            stay.person.person_id,
            first_hour,
            stay.began_ms,
            stay.ended_ms,
            stay.person.since_ms,
            stay.person.until_ms,
            within_ms,
            uncertain_ms.get(stay.granularity, 0),
        )
        places = [stay.place, *wider(stay.place)] if PART in stay.place else [stay.place]
        for levels, place in enumerate(places):
            for hour in range(first_hour, last_hour + 1):
                yield place, hour, levels, common


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
