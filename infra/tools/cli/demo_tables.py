"""The results of `dibiendong demo` as tables on a terminal, and where to look next."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from infra.settings import Settings
from infra.stack.stage_metrics import stage_work
from infra.tools.cli.trace_tables import show_person
from infra.tools.simulator.check import GenerationsResult, RuleResult, TraceResult
from infra.tools.simulator.check_handover import HandoverResult
from infra.tools.simulator.play import Played, percentile
from infra.tools.simulator.world import World

MAX_SUBJECTS = 3
MAX_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Outcome:
    rules: list[RuleResult]
    trace: TraceResult
    generations: GenerationsResult
    handover: HandoverResult

    @property
    def right(self) -> bool:
        flags_right = all(rule.right for rule in self.rules)
        return flags_right and self.trace.right and self.generations.right and self.handover.right


def print_stages(settings: Settings, console: Console) -> None:
    table = Table("stage", "records", "busy", "records/s while busy", title="Stages")
    for stage, work in stage_work(settings).items():
        rate = work.records / work.busy_s if work.busy_s else 0
        table.add_row(stage, f"{work.records:,}", f"{work.busy_s:.1f} s", f"{rate:,.0f}")
    console.print(table)


def print_verdicts(played: Played, console: Console) -> None:
    p50, p95 = percentile(played.verdict_ms, 0.5), percentile(played.verdict_ms, 0.95)
    decisions = ", ".join(f"{name} {count}" for name, count in sorted(played.decisions.items()))
    console.print(
        f"Scan to verdict over HTTP, {len(played.verdict_ms)} scans at 50/s: "
        f"p50 {p50:.0f} ms, p95 {p95:.0f} ms ({decisions})"
    )


def print_outcome(outcome: Outcome, world: World, console: Console) -> None:
    _print_rules(outcome.rules, world, console)
    _print_trace(outcome.trace, console)
    _print_generations(outcome.generations, console)
    _print_handover(outcome.handover, console)


def print_next(settings: Settings, outcome: Outcome, console: Console) -> None:
    """Prints commands that work on the stack as it is now."""
    command = f"DIBIENDONG_DATA_DIR={settings.data_dir} dibiendong"
    person = outcome.trace.person_id
    case = f"{person} --onset 2021-09-15 --isolated 2021-09-16 --depth 3"
    tokens = settings.data_dir / "tokens.json"
    hints = {
        "API documentation": f"{settings.api}/docs (tokens in {tokens})",
        "SQL": _sql_hint(settings),
        "a trace": f"{command} trace person {person}",
        "F0 → F3": f"{command} trace forward {case}",
        "its lists": f"{command} handover {outcome.handover.case_id} --show",
        "state, then stop": f"{command} status; {command} down",
    }
    console.print("\nWhere to look next")
    for title, text in hints.items():
        console.print(f"  {title:<17}  {text}", soft_wrap=True, highlight=False)


def _sql_hint(settings: Settings) -> str:
    secret = settings.clickhouse_reader_password.get_secret_value()
    account = f"user=reader&password={secret}&database={settings.clickhouse_database}"
    query = "SELECT rule, count() FROM flags FINAL WHERE state = 'open' GROUP BY rule"
    return f'curl "{settings.clickhouse}/?{account}" -d "{query}"'


def _print_rules(results: list[RuleResult], world: World, console: Console) -> None:
    title = f"Flags against the truth ({world.truth.near_misses} near misses)"
    table = Table("rule", "planted", "found", "missing", "others", title=title)
    for result in results:
        counts = (result.planted, result.found, len(result.missing), len(result.unexpected))
        style = None if result.right else "red"
        table.add_row(result.rule, *map(str, counts), style=style)
    console.print(table)
    for result in results:
        for subject in sorted(result.missing)[:MAX_SUBJECTS]:
            console.print(f"  {result.rule} missing: {subject}")
        for subject in sorted(result.unexpected)[:MAX_SUBJECTS]:
            console.print(f"  {result.rule} unexpected: {subject}")


def _print_trace(traced: TraceResult, console: Console) -> None:
    some_people = traced.response["people"][:MAX_PEOPLE]
    show_person(traced.response | {"people": some_people}, console)
    right = "all of them" if traced.right else f"truth {len(traced.truth)}"
    met = f"{len(traced.found)} meetings at checkpoints found, {right}"
    console.print(f"Trace of the busiest traveller: {met}")


def _print_generations(followed: GenerationsResult, console: Console) -> None:
    title = f"Whom {followed.person_id} may have infected"
    table = Table("generation", "true contacts", "found", "precision", "recall", title=title)
    for generation in sorted(set(followed.truth.values()) | set(followed.found.values())):
        truth, found, both = followed.counts(generation)
        precision, recall = _per_cent(both, found), _per_cent(both, truth)
        table.add_row(f"F{generation}", f"{truth:,}", f"{found:,}", precision, recall)
    console.print(table)
    communes = len(set(followed.found_homes.values()))
    where = "each where the register has them"
    if followed.true_homes != followed.found_homes:
        where = "[red]NOT where the register has them[/]"
    console.print(f"They belong to {communes} communes, {where}")


def _print_handover(handed: HandoverResult, console: Console) -> None:
    people = "each with its own people and no others"
    if not handed.right:
        people = "[red]NOT with its own people[/]"
    lists = f"{len(handed.found)} lists with {handed.people:,} people (F1, F2)"
    console.print(
        f"Reported as a case: {lists} at their communes in {handed.took_s:.1f} s, {people}"
    )


def _per_cent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else ""
