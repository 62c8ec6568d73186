"""Who met whom at a place, asked in two steps, so that the cost follows the answer and not the tables.

First the stays of the people asked about, by primary key; then, for the hours of those stays, everybody else at the same places.
Times are milliseconds since 1970: a trace compares many thousands of them.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from api.backends.clickhouse import Asks, Cells
from api.tracing.places import PART, VEHICLE, wider
from schemas.contract.events import ExposureRulesAdopted

HOUR_MS, DAY_MS, MINUTE_MS = 3_600_000, 86_400_000, 60_000
EVER_MS = 4_102_444_800_000
"""2100: later than everything."""
SOMEWHERE_MS = DAY_MS
"""By which a contact is weaker where the part of the place is known of one of the two alone: longer than anybody is together."""
HOURS = (
    "place String, hour UInt32, wider UInt8, stay UInt32, person_id FixedString(32), first_hour UInt32, "
    "began Int64, ended Int64, since Int64, until Int64, within Int64, uncertain Int64"
)


class Infectious(msgspec.Struct, frozen=True, gc=False):
    """Somebody who may infect others within a period."""

    person_id: str
    since_ms: int
    until_ms: int
    until_at_home_ms: int | None = None
    """Those of their household, where that is longer."""

    @property
    def at_home(self) -> "Infectious":
        return (
            self if self.until_at_home_ms is None else replace(self, until_ms=self.until_at_home_ms)
        )


class Stay(msgspec.Struct, frozen=True, gc=False):
    """Somebody infectious at a place."""

    who: Infectious
    presence_id: str
    place: str
    began_ms: int
    ended_ms: int
    source: str = "report"
    """Which kind of fact says so; a milestone told to the tracer is a report, known to the minute."""
    granularity: str = "minute"


class Contact(msgspec.Struct, frozen=True, gc=False):
    """Two people at one place: the evidence of one step of a chain."""

    source_id: str
    contact_id: str
    place: str
    """Where both were, as far as is known of both."""
    source_presence_id: str
    contact_presence_id: str
    met_from_ms: int
    """When the later of the two came."""
    met_to_ms: int
    """When the earlier of the two left, or `met_from_ms` where they did not overlap."""
    apart_ms: int
    """Between the two stays; 0 where they overlap."""
    known_by: tuple[str, str]
    """Which kind of fact says where the one was, and where the other."""
    granularity: tuple[str, str] = ("", "")
    """How exactly the one's period is known, and the other's; nothing at home."""
    uncertain_ms: int = 0
    """How far the two periods together may be off."""
    rule: str = ""
    """Parameter of the rules by which it counts: overlap_minutes, apart_minutes or households_count."""
    parts: tuple[str, str] = ("", "")
    """In which part of the place the one was, or the other, where that is known of one alone: the other may have been there too."""

    @property
    def weakness(self) -> int:
        """Least for the strongest: the longest certainly together, then the least that they may have been apart; whoever may have been
        in another part of the place after all whose parts are equal."""
        somewhere = SOMEWHERE_MS if any(self.parts) else 0
        return self.apart_ms + self.uncertain_ms + somewhere - (self.met_to_ms - self.met_from_ms)

    @property
    def source_place(self) -> str:
        """Where the one was."""
        return self.parts[0] or self.place

    @property
    def strength(self) -> tuple[int, str]:
        """Sorts the strongest first."""
        return self.weakness, self.contact_presence_id

    @property
    def certainty(self) -> float:
        """1 where both periods are exact, towards 0 where they may be off by much more than the time together."""
        together = self.met_to_ms - self.met_from_ms
        return together / (together + self.uncertain_ms) if self.uncertain_ms else 1.0


class Met(NamedTuple):
    contacts: list[Contact]
    unlisted: "list[Unlisted]"
    stays: list[Stay]
    """Of the people asked about, that are known in their periods: none means that nobody knows where they were."""


class Unlisted(msgspec.Struct, frozen=True, gc=False):
    """A stay at which more people were met than are listed: `more` weaker ones lie below the cut."""

    source_id: str
    place: str
    presence_id: str
    began_ms: int
    more: int


async def met_at_places(
    ask: Asks,
    people: Sequence[Infectious],
    rules: ExposureRulesAdopted,
    *,
    known_at_ms: int | None,
    milestones: Sequence[Stay],
    most_per_stay: int,
) -> Met:
    """The strongest contacts of each stay first. `milestones`: stays that no table knows."""
    stays = [*await _stays(ask, people, rules, known_at_ms), *milestones]
    stays = [stay for stay in stays if rules.vehicles_count or not stay.place.startswith(VEHICLE)]
    if not stays:
        return Met([], [], [])
    slack, uncertain = _slack_ms(rules), _uncertain_ms(rules)
    parameters = {
        "earliest": min(stay.began_ms for stay in stays) - slack - DAY_MS,
        "latest": max(stay.ended_ms for stay in stays) + slack,
        "distance": rules.distance_most_m,
        "overlap": int(rules.overlap_minutes * MINUTE_MS),
        "granularities": list(uncertain),
        "uncertain": list(uncertain.values()),
        "somewhere": SOMEWHERE_MS,
        "most": most_per_stay,
    }
    name, parameters = as_known("tracing/contacts", parameters, known_at_ms)
    rows = await ask.ask_with(name, parameters, "hours", HOURS, _hours(stays, rules, uncertain))
    contacts = [_contact(stays[row["stay"]], row, uncertain) for row in rows]
    found = {row["stay"]: row["found"] for row in rows if row["found"] > most_per_stay}
    unlisted = [
        Unlisted(
            stays[n].who.person_id,
            stays[n].place,
            stays[n].presence_id,
            stays[n].began_ms,
            total - most_per_stay,
        )
        for n, total in sorted(found.items())
    ]
    known = [
        stay
        for stay in stays
        if stay.began_ms <= stay.who.until_ms and stay.ended_ms + slack >= stay.who.since_ms
    ]
    return Met(contacts, unlisted, known)


def as_known(
    name: str, parameters: Mapping[str, Any], known_at_ms: int | None
) -> tuple[str, dict[str, Any]]:
    """The question about what holds today; or, as of an instant, its twin, which also reads what links have moved since."""
    return (
        (name, {**parameters})
        if known_at_ms is None
        else (f"{name}_as_known", {**parameters, "known_at": known_at_ms})
    )


async def _stays(
    ask: Asks, people: Sequence[Infectious], rules: ExposureRulesAdopted, known_at_ms: int | None
) -> list[Stay]:
    slack = _slack_ms(rules)
    parameters = {
        "earliest": min(one.since_ms for one in people) - slack - DAY_MS,
        "latest": max(one.until_ms for one in people),
        "distance": rules.distance_most_m,
    }
    name, parameters = as_known("tracing/stays", parameters, known_at_ms)
    asked = {one.person_id: one for one in people}
    return [
        Stay(
            who,
            row["presence_id"],
            row["place"],
            row["began"],
            row["ended"],
            row["source"],
            row["granularity"],
        )
        for row in await ask.ask_people(name, parameters, asked)
        if (who := asked[row["person_id"]]).since_ms <= row["ended"] + slack
        and row["began"] <= who.until_ms
    ]


def _slack_ms(rules: ExposureRulesAdopted) -> int:
    return int(max(rules.apart_minutes.values(), default=0.0) * MINUTE_MS)


def _hours(
    stays: Sequence[Stay], rules: ExposureRulesAdopted, uncertain_ms: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    """Each stay once for every hour it touches, the time apart that still counts included; at its place, and at what that is a part of."""
    for number, stay in enumerate(stays):
        within = int(rules.apart_minutes.get(stay.place.partition(":")[0], 0.0) * MINUTE_MS)
        first, last = (stay.began_ms - within) // HOUR_MS, (stay.ended_ms + within) // HOUR_MS
        who, uncertain = stay.who, uncertain_ms.get(stay.granularity, 0)
        same = Cells.of(
            number,
            who.person_id,
            first,
            stay.began_ms,
            stay.ended_ms,
            who.since_ms,
            who.until_ms,
            within,
            uncertain,
        )
        places = [stay.place, *wider(stay.place)] if PART in stay.place else [stay.place]
        for levels, place in enumerate(places):
            for hour in range(first, last + 1):
                yield place, hour, levels, same


def _uncertain_ms(rules: ExposureRulesAdopted) -> Mapping[str, int]:
    """By granularity."""
    return {
        granularity: int(minutes * MINUTE_MS)
        for granularity, minutes in rules.uncertain_minutes.items()
    }


def _contact(stay: Stay, row: dict[str, Any], uncertain_ms: Mapping[str, int]) -> Contact:
    met_from, left = max(stay.began_ms, row["began"]), min(stay.ended_ms, row["ended"])
    moment = stay.began_ms == stay.ended_ms or row["began"] == row["ended"]
    levels = row["wider"]
    return Contact(
        source_id=stay.who.person_id,
        contact_id=row["contact_id"],
        place=wider(stay.place)[levels - 1] if levels else stay.place,
        source_presence_id=stay.presence_id,
        contact_presence_id=row["presence_id"],
        met_from_ms=met_from,
        met_to_ms=max(met_from, left),
        apart_ms=max(0, met_from - left),
        known_by=(stay.source, row["source"]),
        granularity=(stay.granularity, row["granularity"]),
        uncertain_ms=uncertain_ms.get(stay.granularity, 0)
        + uncertain_ms.get(row["granularity"], 0),
        rule="apart_minutes" if moment else "overlap_minutes",
        parts=(stay.place if levels else "", row["part"]),
    )
