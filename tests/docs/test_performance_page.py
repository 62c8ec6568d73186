"""The page of figures: every table has its place.

The model of load says what follows from the figures, and nothing else.
"""

import pytest

from streams.stages import STAGES
from tests.bench.growth import SIZES, cost_at
from tests.bench.load_model import PLACES, Figures, Place, table
from tests.bench.page import PAGE, SECTIONS, replaced

CITIZEN, SCAN = "a citizen of the register", "a scan of the day"


def figures(**changed: float) -> Figures:
    """Returns figures of a worker who does a thousand records a second.

    Everything is written once, in a hundred bytes.
    """
    values = {"door: single posts": 1_000.0}
    for stage in STAGES:
        values[f"{stage}: records per second and worker"] = 1_000.0
    for unit in (CITIZEN, SCAN):
        for stage in STAGES:
            values[f"volume: records through {stage}, {unit}"] = 1.0
        for store in ("Kafka", "ClickHouse"):
            values[f"volume: bytes in {store}, {unit}"] = 100.0
    for stage in ("identify", "screen"):
        values[cost_at(stage, max(SIZES))] = 1.0
    values |= changed
    circumstances = {"scans": 100, "declarations": 100, "state_bytes_per_person": 100}
    return {
        name: {"value": value, "circumstances": circumstances} for name, value in values.items()
    }


def row(lines: list[str], title: str) -> list[str]:
    """Returns the cells after the title."""
    line = next(line for line in lines if title in line)
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    return cells[1:]


def test_every_table_has_its_place_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for section in SECTIONS:
        assert "one line\n" in replaced(text, section, ["one line"])


def test_a_table_without_a_place_is_refused() -> None:
    with pytest.raises(AssertionError, match="no section nowhere"):
        replaced(PAGE.read_text(encoding="utf-8"), "nowhere", [])


def test_a_busiest_hour_is_derived_from_the_quarter() -> None:
    assert Place("a place", 1_000, 91 * 30_000).peak_per_second == pytest.approx(3.0)


def test_the_model_counts_each_need_in_what_one_worker_can_do() -> None:
    lines, (province, country) = table(figures()), PLACES
    screened = f"{100 * country.peak_per_second / 1_000:,.1f} %"
    assert row(lines, "`screen` in the busiest hour")[1] == screened
    posted = f"{100 * 2 * province.peak_per_second / 1_000:,.1f} %"
    assert row(lines, "doors in the busiest hour")[0] == posted, "a declaration for each scan"
    assert row(lines, "the whole register through `link`")[1] == "27.8 h, 4 workers for a night"
    assert row(lines, "Kafka after a quarter")[1] == "35.0 GB"


def test_the_model_names_what_is_full_first() -> None:
    full_first = row(table(figures()), "full first")[1]
    assert "`identify` folded again from nothing, one worker: 97.2 times over" in full_first
    slow_doors = figures(**{"door: single posts": 1.0})
    assert row(table(slow_doors), "full first")[1].startswith(
        "doors in the busiest hour, of one process: 549.5 times over"
    )


def test_the_model_asks_for_figures_that_were_not_measured() -> None:
    measured = dict(figures())
    del measured["door: single posts"]
    with pytest.raises(KeyError, match="door: single posts"):
        table(measured)
