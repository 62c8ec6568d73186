"""The tasks of the process that traces, done in this process with stand-ins."""

import pickle
from collections.abc import Callable
from typing import Any

from api.backends.batched_queries import BatchedQueries
from api.tracing.tasks import TASKS
from api.tracing.trace_services import TraceServices, reference_of
from schemas.domain.pseudonyms import Pseudonyms


class InPlaceTracer:
    """Hands arguments and results over as copies, as a process of its own would."""

    def __init__(self, read_side: Callable[[], Any], pseudonyms: Pseudonyms) -> None:
        self._read_side, self._pseudonyms = read_side, pseudonyms

    async def call(self, task: str, *arguments: Any) -> Any:
        rules, *rest = pickle.loads(pickle.dumps(arguments))
        read_side = self._read_side()
        services = TraceServices(
            clickhouse=read_side,
            batched_queries=BatchedQueries(read_side),
            pseudonyms=self._pseudonyms,
            rules=reference_of(rules),
        )
        return pickle.loads(pickle.dumps(await TASKS[task](services, *rest)))

    async def close(self) -> None:
        return None
