"""The product's tracer, asked about worlds that are in ClickHouse."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

from api.backends.batched_queries import BatchedQueries
from api.backends.clickhouse import ReadSide
from api.tracing.chains import Chains
from api.tracing.contacts import Encounters, Infectious
from api.tracing.follow import Followed, follow
from api.tracing.generation import encounters_of
from api.tracing.meetings import ChainsBetween, chains_between
from api.tracing.residences import residences_of
from api.tracing.responses import ms
from api.tracing.trace_request import ForwardIn
from infra.settings import Settings
from schemas.contract.events import ExposureRulesAdopted
from schemas.domain.exposure import QD_3638
from tests.api.tracing.minutes import at

Answer = TypeVar("Answer")


class Tracer:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def follow(
        self,
        case: str,
        since: int,
        until: int,
        depth: int,
        rules: ExposureRulesAdopted,
        known_at: int | None = None,
        **more: Any,
    ) -> Chains:
        request = ForwardIn(
            person_id=case,
            depth=depth,
            most_per_stay=2000,
            most_followed=20_000,
            known_at=None if known_at is None else at(known_at),
            **more,
        )
        return self._follow(request, rules, since, until).chains

    def answer(self, case: str, **asked: Any) -> Followed:
        """Traces the first four hours, one generation; what is cut off is included."""
        return self._follow(ForwardIn(person_id=case, depth=1, **asked), QD_3638, 0, 240)

    def encounters(self, case: str, **more: Any) -> Encounters:
        """Returns whom the case met in the first four hours."""
        person = Infectious(case, ms(at(0)), ms(at(240)))
        return self._ask(
            lambda queries: encounters_of(queries, [person], QD_3638, most_per_stay=200, **more)
        )

    def chains_between(
        self, person: str, other: str, since: int, until: int, rules: ExposureRulesAdopted
    ) -> ChainsBetween:
        period = ms(at(since)), ms(at(until))
        ends = Infectious(person, *period), Infectious(other, *period)
        return self._ask(lambda queries: chains_between(queries, *ends, rules))

    def residences(self, people: Sequence[str], known_at: int | None = None) -> dict[str, str]:
        known_at_ms = None if known_at is None else ms(at(known_at))
        return dict(self._ask(lambda queries: residences_of(queries, people, known_at_ms)))

    def _follow(
        self, request: ForwardIn, rules: ExposureRulesAdopted, since: int, until: int
    ) -> Followed:
        period = at(since), at(until)
        return self._ask(lambda queries: follow(queries, request, rules, period))

    def _ask(self, ask: Callable[[BatchedQueries], Awaitable[Answer]]) -> Answer:
        async def with_read_side() -> Answer:
            side = ReadSide(self.settings)
            try:
                return await ask(BatchedQueries(side))
            finally:
                await side.close()

        return asyncio.run(with_read_side())
