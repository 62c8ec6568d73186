"""The other confirmed cases, and from when to when each may have infected a traced case."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.backends.clickhouse import ReadSide
from api.tracing.contacts import EVER_MS, Infectious
from api.tracing.responses import ms
from api.tracing.sources import PeriodMs
from api.tracing.trace_request import BackwardIn
from schemas.contract.events import ExposureRulesAdopted


@dataclass(slots=True)
class InfectiousCases:
    """The cases that could infect within the period of a backward trace."""

    periods: dict[str, list[PeriodMs]]
    """Periods in which cases may have infected others, by person."""
    without_period: int = 0
    """Number of cases of which the rules do not say from when on they could infect."""
    without_end: int = 0
    """Number of cases of which nobody knows until when they could infect."""


@dataclass(frozen=True, slots=True)
class _Confirmed:
    """A case as `confirmed.sql` has it."""

    onset: datetime | None
    sampled: datetime | None
    isolated: datetime | None


async def infectious_cases(
    ask: ReadSide,
    rules: ExposureRulesAdopted,
    request: BackwardIn,
    traced: Infectious,
    known_at_ms: int,
) -> InfectiousCases:
    """Returns the cases whose infectious period touches that of `traced`, as known then."""
    cases = InfectiousCases({})
    for row in await ask.ask("tracing/confirmed", {"known_at": known_at_ms}):
        if row["person_id"] == request.person_id:
            continue
        case = _Confirmed(row["onset"], row["sampled"], row["isolated"])
        since = _infectious_since(case, rules, request.days_before_sampling)
        if since is None:
            cases.without_period += 1
            continue
        until = _infectious_until(case, request.infectious_days)
        since_ms, until_ms = ms(since), EVER_MS if until is None else ms(until)
        touches = since_ms <= traced.until_ms and until_ms >= traced.since_ms
        if since_ms < until_ms and touches:
            cases.periods.setdefault(row["person_id"], []).append((since_ms, until_ms))
            cases.without_end += until is None
    return cases


def _infectious_since(
    case: _Confirmed, rules: ExposureRulesAdopted, days_before_sampling: int | None
) -> datetime | None:
    if case.onset is not None:
        return case.onset - timedelta(days=rules.days_before_onset)
    days = rules.days_before_sampling if days_before_sampling is None else days_before_sampling
    if days is None or case.sampled is None:
        return None
    return case.sampled - timedelta(days=days)


def _infectious_until(case: _Confirmed, infectious_days: int | None) -> datetime | None:
    dated = case.onset or case.sampled
    if case.isolated is not None or infectious_days is None or dated is None:
        return case.isolated
    return dated + timedelta(days=infectious_days)
