"""`python -m api.tracing.worker`: traces for one door, in a process of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from api.backends.batched_queries import BatchedQueries
from api.backends.clickhouse import ReadSide
from api.backends.worker_loop import Perform, run_worker
from api.tracing.tasks import TASKS
from api.tracing.trace_services import TraceServices, reference_of
from infra.settings import Settings
from schemas.domain.pseudonyms import Pseudonyms


@asynccontextmanager
async def tracing(settings: Settings) -> AsyncIterator[Perform]:
    """Gives what does the tasks: their first argument is the rules that the door knows."""
    clickhouse = ReadSide(settings)
    batched_queries = BatchedQueries(clickhouse)
    pseudonyms = Pseudonyms(settings.person_key.get_secret_value())

    async def perform(task: str, arguments: tuple[Any, ...]) -> Any:
        rules, *rest = arguments
        services = TraceServices(clickhouse, batched_queries, pseudonyms, reference_of(rules))
        return await TASKS[task](services, *rest)

    try:
        yield perform
    finally:
        await clickhouse.close()


if __name__ == "__main__":
    run_worker(tracing)
