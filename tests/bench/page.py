"""`python -m tests.bench.page` keeps the tables of docs/performance.md, from bench.json.

A table whose figures were not all measured stays as it is.
"""

import re
import sys
from collections.abc import Callable

import orjson

from infra.settings import CHECKOUT
from streams.stages import STAGES
from tests.bench import load_model
from tests.bench.doors import ORDINARY_PACE, PACES
from tests.bench.growth import KINDS, SIZES, cost_at
from tests.bench.load_model import Figures
from tests.bench.partitions import FEW, figure_name, ratio_name
from tests.bench.partitions import MANY as MANY_PARTITIONS
from tests.bench.partitions import PACES as SCANS_PER_SECOND
from tests.bench.peers.entrants import ENTRANTS
from tests.bench.peers.measure import TARGETS
from tests.bench.scaling import MANY, PROCESSES, processor_name

PAGE = CHECKOUT / "docs" / "performance.md"
LARGEST = 3
MET = {None: "", True: "yes", False: "**no**"}
IN_SCALING = (
    *STAGES,
    "door: single posts",
    "door: rows in batches, NDJSON",
    "door: rows in batches, CSV",
    "end to end",
    "peak memory",
)


def main() -> None:
    figures = {row["name"]: row for row in orjson.loads((CHECKOUT / "bench.json").read_bytes())}
    text = PAGE.read_text(encoding="utf-8")
    for name, written in SECTIONS.items():
        try:
            lines = written(figures)
        except KeyError as missing:
            sys.stderr.write(f"{name}: stays, for {missing} was not measured\n")
            continue
        text = replaced(text, name, lines)
    PAGE.write_text(text, encoding="utf-8")


def replaced(text: str, section: str, lines: list[str]) -> str:
    table = re.search(rf"(?s)<!-- {section} -->\n(?P<lines>.*?)<!-- end -->", text)
    assert table is not None, f"{PAGE} has no section {section}"
    written = "".join(f"{line}\n" for line in lines)
    return text[: table.start("lines")] + written + text[table.end("lines") :]


def peers(figures: Figures) -> list[str]:
    lines = [
        "| | settings | records a second, median | of the rounds | processor time of a scan |",
        "|---|---|---|---|---|",
    ]
    for entrant in ENTRANTS:
        row = figures[f"peers: {entrant.name}, records per second"]
        circumstances = row["circumstances"]
        rounds = f"{min(circumstances['rounds']):,} – {max(circumstances['rounds']):,}"
        measured = f"{row['value']:,.0f} | {rounds} | {circumstances['processor_us']} µs"
        lines.append(f"| {entrant.name} | {entrant.settings} | {measured} |")
    rounds_run = len(circumstances["rounds"])
    size = f"{circumstances['scans']:,} scans of {circumstances['people']:,} people"
    return [*lines, "", _circumstances(row, f"{size}, {rounds_run} rounds")]


def ratios(figures: Figures) -> list[str]:
    lines = ["| | ratio | least and most of the rounds | target | met |", "|---|---|---|---|---|"]
    for entrant, other, target in TARGETS:
        row = figures[f"peers: {entrant.name}, against {other.name}"]
        by_round = row["circumstances"]["by_round"]
        met = MET[row["met"]]
        wanted = "" if target is None else f"≥ {target:g} ×"
        measured = f"{row['value']:.2f} × | {min(by_round)} – {max(by_round)}"
        lines.append(f"| {entrant.name}, against {other.name} | {measured} | {wanted} | {met} |")
    return lines


def harm(figures: Figures) -> list[str]:
    lines = [
        "| | lost | wrong | doubled | right ones in all | kills |",
        "|---|---|---|---|---|---|",
    ]
    for entrant in ENTRANTS:
        if not entrant.harmed:
            continue
        rows = [
            figures[f"peers: {entrant.name}, {what} under SIGKILL"]
            for what in ("flags lost", "wrong flags", "flags doubled")
        ]
        circumstances = rows[0]["circumstances"]
        values = " | ".join(f"{row['value']:,.0f}" for row in rows)
        lines.append(
            f"| {entrant.name} | {values} | {circumstances['flags']:,} | {circumstances['kills']} |"
        )
    return [
        *lines,
        "",
        _circumstances(rows[0], f"{circumstances['scans']:,} scans, seed {circumstances['seed']}"),
    ]


def scaling(figures: Figures) -> list[str]:
    fewest = MANY[0]
    lines = [
        f"| partitions and workers | {' | '.join(map(str, MANY))} | {MANY[-1]} against {fewest} |",
        f"|---{'|---' * (len(MANY) + 1)}|",
    ]
    for name in IN_SCALING:
        row = figures[f"scaling: {name}, {MANY[-1]} against {fewest}"]
        circumstances = row["circumstances"]
        values = " | ".join(f"{circumstances[str(many)]:,.0f}" for many in MANY)
        lines.append(f"| {name} | {values} | {row['value']:.1f} × |")
    return [*lines, "", _circumstances(row, "records, rows or posts a second; memory in MB")]


def floor(figures: Figures) -> list[str]:
    """Returns what of an event's processor time each part has, and what that leaves room for."""
    lines = [
        f"| partitions and workers | {' | '.join(PROCESSES)} | together | room for, a second |",
        f"|---{'|---' * (len(PROCESSES) + 2)}|",
    ]
    for many in MANY:
        row = figures[processor_name(many)]
        of_parts = [f"{row['circumstances'][part]:,.0f}" for part in PROCESSES]
        at_most = 1e6 * row["circumstances"]["cores"] / row["value"]
        cells = [str(many), *of_parts, f"{row['value']:,.0f} µs", f"{at_most:,.0f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return [*lines, "", _circumstances(row, "µs of processor time for each event")]


def partitions(figures: Figures) -> list[str]:
    lines = [
        "| scans a second | partitions | p50 | p95 | later than 2 s | inserts | parts an insert"
        " | rows a part | processor time | p95 against 4 |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for pace in SCANS_PER_SECOND:
        lines += [_of_partitions(figures, pace, count) for count in (FEW, MANY_PARTITIONS)]
    last = figures[figure_name(SCANS_PER_SECOND[-1], MANY_PARTITIONS, "p95")]
    return [*lines, "", _circumstances(last, "one worker a stage, 20 s of each pace")]


def _of_partitions(figures: Figures, pace: int, count: int) -> str:
    def value(title: str) -> float:
        measured: float = figures[figure_name(pace, count, title)]["value"]
        return measured

    scans = figures[figure_name(pace, count, "p95")]["circumstances"]
    inserts = figures[figure_name(pace, count, "parts an insert")]["circumstances"]["inserts"]
    ratio = figures[ratio_name(pace)]["value"]
    cells = (
        str(pace),
        str(count),
        f"{value('p50'):,.0f} ms",
        f"{value('p95'):,.0f} ms",
        f"{scans['late']:,} of {scans['scans']:,}",
        f"{inserts:,}",
        f"{value('parts an insert'):.1f}",
        f"{value('rows a part'):,.0f}",
        f"{value('processor time of all parts'):.1f} s",
        f"{ratio:.2f} ×" if count == MANY_PARTITIONS else "",
    )
    return f"| {' | '.join(cells)} |"


def latency(figures: Figures) -> list[str]:
    lines = ["| scans a second | p50 | p95 | slowest |", "|---|---|---|---|"]
    for pace in PACES:
        named = "scan to verdict" if pace == ORDINARY_PACE else f"scan to verdict at {pace}/s"
        half = figures[f"{named}, p50"]
        nearly_all = figures[f"{named}, p95"]
        slowest_ms = nearly_all["circumstances"]["most_ms"]
        shares = f"{half['value']:,.0f} ms | {nearly_all['value']:,.0f} ms"
        lines.append(f"| {pace} | {shares} | {slowest_ms:,.0f} ms |")
    return [*lines, "", _circumstances(half)]


def growth(figures: Figures) -> list[str]:
    lines = [
        "| | people | processor time of an event | inside batches"
        " | state of a person on disk | most memory |",
        "|---|---|---|---|---|---|",
    ]
    for kind in KINDS:
        for size in SIZES:
            row = figures[cost_at(kind.stage, size)]
            circumstances = row["circumstances"]
            measured = f"{row['value']:,.0f} µs | {circumstances['busy_us']:,.0f} µs"
            state_bytes = circumstances["state_bytes_per_person"]
            held = f"{state_bytes:,} B | {circumstances['most_memory_mb']:,} MB"
            lines.append(f"| `{kind.stage}` | {size:,} | {measured} | {held} |")
    return [*lines, "", _circumstances(row)]


def memory(figures: Figures) -> list[str]:
    idle = figures["idle: memory of all parts"]
    share = figures["idle: processor, of one core"]
    peak = figures[PEAK]
    of_parts = [(name, size) for name, size in peak["circumstances"].items() if name in PARTS]
    of_parts.sort(key=_largest_first)
    processes = idle["circumstances"]["processes"]
    return [
        f"Idle: {idle['value']:,.0f} MB in {processes} processes, "
        f"{share['value']:.1f} % of one core. "
        "Under the load of the table above, one worker each: "
        f"{peak['value']:,.0f} MB, being {_listed(of_parts)}.",
        "",
        _circumstances(peak),
    ]


PEAK = f"scaling: peak memory of all parts, {MANY[0]} partitions and workers"
PARTS = ("kafka", "registry", "clickhouse", "api", *(f"{stage}-0" for stage in STAGES))


def profiles(figures: Figures) -> list[str]:
    lines = ["| stage | largest | second | third | the rest |", "|---|---|---|---|---|"]
    for stage in STAGES:
        begin = f"profile: {stage}, "
        shares = [
            (name.removeprefix(begin), row["value"])
            for name, row in figures.items()
            if name.startswith(begin)
        ]
        shares.sort(key=_largest_first)
        first = [f"{doing} {share:.0f} %" for doing, share in shares[:LARGEST]]
        rest = ", ".join(f"{doing} {share:.0f} %" for doing, share in shares[LARGEST:])
        lines.append(f"| `{stage}` | {' | '.join(first)} | {rest} |")
    return [*lines, "", _circumstances(row_of(figures, "profile: "))]


def model(figures: Figures) -> list[str]:
    return [
        *load_model.table(figures),
        "",
        _circumstances(figures["volume: bytes in Kafka, a scan of the day"]),
    ]


SECTIONS: dict[str, Callable[[Figures], list[str]]] = {
    "peers": peers,
    "ratios": ratios,
    "harm": harm,
    "scaling": scaling,
    "floor": floor,
    "partitions": partitions,
    "latency": latency,
    "growth": growth,
    "memory": memory,
    "profiles": profiles,
    "model": model,
}


def row_of(figures: Figures, begin: str) -> load_model.Row:
    """Returns the first row whose name begins so; raises `KeyError`."""
    for name, row in figures.items():
        if name.startswith(begin):
            return row
    raise KeyError(begin)


def _largest_first(part: tuple[str, float]) -> float:
    _, size = part
    return -size


def _listed(parts: list[tuple[str, int]]) -> str:
    return ", ".join(f"{name} {size:,}" for name, size in parts)


def _circumstances(row: load_model.Row, more: str = "") -> str:
    circumstances = row["circumstances"]
    scale = f", in {circumstances['scale']:g} of the size" if "scale" in circumstances else ""
    beginning = f"{more}; " if more else ""
    machine = f"{circumstances['cores']} cores, load {circumstances['load_1_min']:g} at the end"
    return f"*{beginning}{circumstances['date']}, {machine}{scale}.*"


if __name__ == "__main__":
    main()
