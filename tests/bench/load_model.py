"""Derives what a larger place needs from measured figures alone.

It tells how much of one worker the busiest hour takes, and what is full first. Only these lines
hold what was not measured: how large the places are, how uneven their days, and how long a wait may
be.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.growth import SIZES, cost_at

Row = Mapping[str, Any]
Figures = Mapping[str, Row]
"""The rows of bench.json, by name."""
DAYS = 91
BUSIEST_DAY, BUSIEST_HOUR = 3.0, 0.12
"""The busiest day is so many times the mean day, and its busiest hour has this share of it."""
REGISTER_H, REBUILD_H, DISK_TB = 8.0, 1.0, 2.0
"""Limits of time in hours, and of one machine's disk in terabytes.

A whole register must come in within a night. A worker without its state must be back within an
hour.
"""


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    people: int
    scans: int
    """The scans are those of a quarter."""

    @property
    def mean_per_second(self) -> float:
        return self.scans / DAYS / 86_400

    @property
    def peak_per_second(self) -> float:
        return self.scans / DAYS * BUSIEST_DAY * BUSIEST_HOUR / 3_600


PLACES = (
    Place("a province (1.25 M people)", 1_250_000, 3_125_000),
    Place("Vietnam (100 M people)", 100_000_000, 250_000_000),
)


@dataclass(frozen=True, slots=True)
class Need:
    what: str
    amount: str
    share: float
    """The share of what one worker, one process or one disk can do.

    Above 1 there must be more of them.
    """


def table(figures: Figures) -> list[str]:
    """Returns lines of Markdown.

    Raises `KeyError` while a figure that it rests on was not measured.
    """
    needs = [_needs(place, figures) for place in PLACES]
    paces = [f"{place.mean_per_second:,.1f} / {place.peak_per_second:,.1f}" for place in PLACES]
    lines = [
        f"| | {' | '.join(place.name for place in PLACES)} |",
        f"|---{'|---' * len(PLACES)}|",
        _row("scans in a quarter", [f"{place.scans:,}" for place in PLACES]),
        _row("scans a second, mean / busiest hour of the busiest day", paces),
    ]
    lines += [_need_row(row) for row in zip(*needs, strict=True)]
    lines.append(_row("**full first**", [_first(place_needs) for place_needs in needs]))
    return lines


def _need_row(of_places: Sequence[Need]) -> str:
    return _row(of_places[0].what, [need.amount for need in of_places])


def _row(heading: str, cells: Sequence[str]) -> str:
    return f"| {heading} | {' | '.join(cells)} |"


def _first(needs: Sequence[Need]) -> str:
    fullest = sorted(needs, key=lambda need: -need.share)[:2]
    return "; then ".join(f"{need.what}: {_times(need.share)}" for need in fullest)


def _needs(place: Place, figures: Figures) -> list[Need]:
    return [
        _doors(place, figures),
        *(_at_the_peak(place, stage, figures) for stage in ("identify", "screen", "project")),
        *(_register(place, stage, figures) for stage in ("link", "identify", "project")),
        *(_state(place, stage, figures) for stage in ("identify", "screen")),
        *(_rebuild(place, stage, figures) for stage in ("identify", "screen")),
        *(_disk(place, name, figures) for name in ("Kafka", "ClickHouse")),
    ]


def _doors(place: Place, figures: Figures) -> Need:
    """Returns the need of the doors; each scan, and each declaration before it, is a post."""
    of_day = figures["volume: bytes in Kafka, a scan of the day"]["circumstances"]
    posts_per_second = place.peak_per_second * (1 + of_day["declarations"] / of_day["scans"])
    share = posts_per_second / figures["door: single posts"]["value"]
    return Need("doors in the busiest hour, of one process", _percent(share), share)


def _at_the_peak(place: Place, stage: str, figures: Figures) -> Need:
    records = (
        place.peak_per_second
        * figures[f"volume: records through {stage}, a scan of the day"]["value"]
    )
    share = records / _rate(stage, figures)
    return Need(f"`{stage}` in the busiest hour, of one worker", _percent(share), share)


def _register(place: Place, stage: str, figures: Figures) -> Need:
    records = (
        place.people
        * figures[f"volume: records through {stage}, a citizen of the register"]["value"]
    )
    hours = records / _rate(stage, figures) / 3_600
    workers = math.ceil(hours / REGISTER_H)
    return Need(
        f"the whole register through `{stage}`, one worker",
        f"{_hours(hours)}, {_workers(workers)} for a night",
        hours / REGISTER_H,
    )


def _state(place: Place, stage: str, figures: Figures) -> Need:
    size = place.people * _grown(stage, figures)["state_bytes_per_person"]
    return Need(f"state of `{stage}` on disk", _bytes(size), size / DISK_TB / 1e12)


def _rebuild(place: Place, stage: str, figures: Figures) -> Need:
    """Returns the need to fold the log of the register and of a quarter again."""
    by_citizen, by_scan = (
        figures[f"volume: records through {stage}, {subject}"]["value"]
        for subject in ("a citizen of the register", "a scan of the day")
    )
    hours = (place.people * by_citizen + place.scans * by_scan) / _rate(stage, figures) / 3_600
    workers = math.ceil(hours / REBUILD_H)
    return Need(
        f"`{stage}` folded again from nothing, one worker",
        f"{_hours(hours)}, {_workers(workers)} for an hour",
        hours / REBUILD_H,
    )


def _disk(place: Place, name: str, figures: Figures) -> Need:
    by_citizen, by_scan = (
        figures[f"volume: bytes in {name}, {subject}"]["value"]
        for subject in ("a citizen of the register", "a scan of the day")
    )
    size = place.people * by_citizen + place.scans * by_scan
    return Need(f"{name} after a quarter, one copy", _bytes(size), size / DISK_TB / 1e12)


def _rate(stage: str, figures: Figures) -> float:
    rate: float = figures[f"{stage}: records per second and worker"]["value"]
    return rate


def _grown(stage: str, figures: Figures) -> Row:
    """Returns the circumstances at the most people that were tried."""
    circumstances: Row = figures[cost_at(stage, max(SIZES))]["circumstances"]
    return circumstances


def _percent(share: float) -> str:
    return f"{100 * share:,.1f} %"


def _times(share: float) -> str:
    return f"{share:,.1f} times over" if share > 1 else f"{100 * share:,.0f} %"


def _hours(hours: float) -> str:
    return f"{hours:,.1f} h" if hours >= 1 else f"{60 * hours:,.1f} min"


def _workers(workers: int) -> str:
    return "1 worker" if workers == 1 else f"{workers} workers"


def _bytes(size: float) -> str:
    return f"{size / 1e9:,.1f} GB"
